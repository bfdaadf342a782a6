//! Makes certificates, keys and their faults for the tests of certgate.
