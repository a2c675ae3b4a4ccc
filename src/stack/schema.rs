//! The JSON schema of `shop.yaml`, for editors. Decoders decide; a test compares both, value by value.

/// The schema, draft 2020-12.
pub const SCHEMA: &str = include_str!("shop.schema.json");
