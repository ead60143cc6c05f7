//! The program as a whole, in one test binary.

mod licences;
mod tidy;
