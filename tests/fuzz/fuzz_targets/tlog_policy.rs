//! A trust policy: written in its one spelling it is read as the same policy.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tlog::policy::Policy;

fuzz_target!(|bytes: &[u8]| {
    let Ok(policy) = Policy::parse(bytes) else { return };
    let written = policy.to_bytes();
    assert_eq!(Policy::parse(&written).as_ref(), Ok(&policy));
    assert_eq!(Policy::parse(&written).map(|policy| policy.to_bytes()), Ok(written));
});
