//! What the compiler of proto files wrote; `tests/generated.rs` makes it again and compares.

/// Every proto file of ours and what they import, encoded, for gRPC reflection.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!("generated/descriptors.bin");

/// The proto packages as nested modules, as the generated code's own paths expect them.
#[allow(
    missing_docs,
    clippy::pedantic,
    clippy::allow_attributes_without_reason,
    reason = "not written by hand: its style, and docs on the items that tonic adds, are its generator's"
)]
pub(crate) mod veta {
    pub(crate) mod audit {
        pub(crate) mod v1 {
            include!("generated/veta.audit.v1.rs");
        }
    }
    pub(crate) mod custody {
        pub(crate) mod v1 {
            include!("generated/veta.custody.v1.rs");
        }
    }
    pub(crate) mod evidence {
        pub(crate) mod v1 {
            include!("generated/veta.evidence.v1.rs");
        }
    }
    pub(crate) mod ingest {
        pub(crate) mod v1 {
            include!("generated/veta.ingest.v1.rs");
        }
    }
    pub(crate) mod progress {
        pub(crate) mod v1 {
            include!("generated/veta.progress.v1.rs");
        }
    }
    pub(crate) mod view {
        pub(crate) mod v1 {
            include!("generated/veta.view.v1.rs");
        }
    }
}
