//! The bookshelf: stacks as data. Finds them, merges parents and children, renders templates, and
//! gives `env` a [`Stack`] of plain values.

mod bookshelf;
mod catalogue;
mod check;
pub mod content;
mod decode;
mod decode_command;
mod decode_phase;
mod decode_service;
pub mod describe;
pub mod detect;
mod dockerfile;
mod images;
mod like;
mod lineage;
pub mod matching;
pub mod offer;
pub mod phase;
mod place;
pub mod question;
mod references;
mod refuse;
pub mod release;
mod render;
mod resolve;
pub mod schema;
pub mod service;
mod settings;
mod show;
pub mod spec;
pub mod template;
#[cfg(test)]
mod tests;
mod tree;
mod variants;
pub mod versions;

pub use bookshelf::Bookshelf;
pub use decode_command::RESERVED;
pub use images::image_context;
pub use resolve::{load_all, load_as, resolve};
pub use settings::VERSION;
pub use show::show;
pub use spec::Stack;
