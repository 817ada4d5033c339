//! What `veta up` writes down about a deployment: what is read is written and read back as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use veta::local::Deployment;

fuzz_target!(|bytes: &[u8]| {
    let Ok(deployment) = serde_json::from_slice::<Deployment>(bytes) else {
        return;
    };
    let written = serde_json::to_vec_pretty(&deployment).expect("every deployment can be written as JSON");
    assert_eq!(
        serde_json::from_slice::<Deployment>(&written).expect("what was written can be read"),
        deployment
    );
    if let Ok(vkey) = deployment.vkey() {
        assert_eq!(vkey.to_string(), deployment.vkey);
    }
});
