//! The journal: what happened, on disk as it happens.
