//! Identities: UUID version 7, so that they sort by the moment they were made, each in a type of its own.

use std::cell::Cell;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::time::Timestamp;

macro_rules! identity {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// The next identity of this kind.
            pub fn new(env: &Env) -> Self {
                Self(env.ids.next(env.now))
            }

            /// The identity behind a UUID that was made elsewhere (the journal, the socket).
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID, for where identities are kept as bytes.
            pub const fn as_uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(text).map(Self)
            }
        }
    };
}

identity! {
    /// One conversation: role, model, locality, transcript, pins.
    ConversationId
}
impl ConversationId {
    /// The moment it began.
    pub const fn began(self) -> Timestamp {
        Timestamp::from_millis((self.0.as_u128() >> 80) as i64)
    }
}

identity! {
    /// One message of a conversation.
    MessageId
}
identity! {
    /// One turn: a request and its streamed answer.
    TurnId
}
identity! {
    /// One pin: text that must survive verbatim.
    PinId
}
identity! {
    /// One version of a brief to one receiver.
    BriefId
}

identity! {
    /// One handoff, from before it is made.
    HandoffId
}
identity! {
    /// One aside: a request to a model that is no turn.
    AsideId
}

/// What the engine may know of the world beside its input: the moment, and a source of identities.
#[derive(Debug)]
pub struct Env {
    /// The moment this decision is made.
    pub now: Timestamp,
    /// Where new identities and jitter come from.
    pub ids: Ids,
}

/// A seeded sequence of identities. The runtime seeds it from the system; a simulation seeds it from its seed.
#[derive(Debug)]
pub struct Ids {
    state: Cell<u64>,
}

impl Ids {
    /// A sequence that begins at `seed`.
    pub const fn seeded(seed: u64) -> Self {
        Self { state: Cell::new(seed) }
    }

    /// A sequence of its own that begins where this one is; this one moves on.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self::seeded(self.bits())
    }

    /// The next 64 pseudo-random bits (`SplitMix64`, Steele, Lea and Flood 2014).
    pub fn bits(&self) -> u64 {
        let state = self.state.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
        self.state.set(state);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn next(&self, now: Timestamp) -> Uuid {
        let mut random = [0_u8; 10];
        random[..8].copy_from_slice(&self.bits().to_le_bytes());
        random[8..].copy_from_slice(&self.bits().to_le_bytes()[..2]);
        let millis = u64::try_from(now.as_millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_sort_by_the_moment_they_were_made() {
        let mut env = Env { now: Timestamp::from_millis(1_000), ids: Ids::seeded(7) };
        let first = MessageId::new(&env);
        env.now = Timestamp::from_millis(2_000);
        let second = MessageId::new(&env);
        assert!(first < second);
        assert_eq!(first.to_string().parse::<MessageId>(), Ok(first));
        assert_eq!(ConversationId::new(&env).began(), env.now);
    }

    #[test]
    fn a_seed_gives_the_same_sequence_again() {
        let (a, b) = (Ids::seeded(3), Ids::seeded(3));
        assert_eq!([a.bits(), a.bits()], [b.bits(), b.bits()]);
    }
}
