//! The command line.
pub mod mask;
pub mod unmask;
