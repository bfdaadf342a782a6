#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| certgate_fuzz::border(data));

libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    certgate_fuzz::mutate::in_place(certgate_fuzz::mutate::border, data, size, max_size, seed)
        .unwrap_or_else(|| libfuzzer_sys::fuzzer_mutate(data, size, max_size))
});
