//! The program as a whole, in one test binary.

mod tidy;
