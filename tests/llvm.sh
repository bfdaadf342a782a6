# Sourced by the two measurements of coverage: finds llvm-profdata and llvm-cov that read what this rustc writes, of the same LLVM or newer
# (`rustc -vV`; Debian's package llvm-22). Their names end in $tools.
major=$(rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
for tools in "-$major" ""; do
    command -v "llvm-profdata$tools" > /dev/null && break
done
command -v "llvm-profdata$tools" > /dev/null || { echo "no llvm-profdata: nothing measured" >&2; exit 1; }
