//! Redaction: what is sensitive is found, replaced and restored, exactly.
//!
//! [`Detector`] finds, [`mask()`] replaces and fills a [`Vault`], [`restore()`] is the way back, [`LeakCheck`] is the last look.
//! Rules, folds and words are data beside the code, read and compiled when a text first needs them.
//!
//! Architecture invariants: `restore(mask(x)) == x` for every x; masking what is masked changes nothing; what masking
//! leaves, the leak check of the same vault never meets, because both ask the same matcher; findings never overlap.

mod byte_set;
mod check;
mod code;
mod context;
mod detector;
mod dictionary;
mod encoded;
mod finding;
mod fold;
mod identity;
mod kind;
mod leak;
mod mask;
mod matcher;
mod names;
mod net;
mod number;
mod numbered;
mod paper;
mod place;
mod pseudonym;
mod restore;
mod sample;
mod search;
mod secrets;
mod street;
mod vault;
mod view;
mod way;
mod words;
mod wrap;

#[cfg(test)]
mod everyday;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod properties;

pub use detector::{Detector, PatternError};
pub use dictionary::{Dictionary, Judgement, Name, Pattern};
pub use finding::{Finding, THRESHOLD};
pub use kind::{Kind, Policy};
pub use leak::{Leak, LeakCheck};
pub use mask::{Masked, Replacement, mask};
pub use pseudonym::Pseudonym;
pub use restore::{RestoreStream, Restored, restore, restore_tolerant};
pub use secrets::{rules_that_match, secrets_in};
pub use vault::{Entry, Vault, VaultError};
