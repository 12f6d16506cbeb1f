#![no_main]

use devices::device::Protocol;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| devices::fuzzing::protocol(Protocol::Dahua, bytes));
