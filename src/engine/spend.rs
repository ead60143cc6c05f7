//! The money that was spent. Counted in millionths of a US dollar, so that sums are exact.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::message::Usage;
use super::model::ModelFacts;
use super::price;

/// Money that was spent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spend {
    /// Millionths of a US dollar.
    pub micro_usd: u64,
    /// Whether some of it is an estimate: a provider that didn't say what a turn used.
    #[serde(default)]
    pub estimated: bool,
}

impl Spend {
    /// What this usage costs, rounded up to a millionth; `None` if a price of the model isn't known.
    pub fn of(usage: &Usage, facts: &ModelFacts) -> Option<Self> {
        let micros = price::cost(usage, facts)? * 1e6;
        // What a sum of fractions adds beyond its exact value is no millionth.
        Some(Self { micro_usd: (micros - 1e-6).ceil().max(0.0) as u64, estimated: usage.estimated })
    }

    /// Whether nothing was spent.
    pub const fn is_nothing(self) -> bool {
        self.micro_usd == 0
    }

    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { micro_usd: self.micro_usd.saturating_add(other.micro_usd), estimated: self.estimated || other.estimated }
    }
}

/// `$0.14`, `~$0.14` where some of it is an estimate, `<$0.01` for less than a cent.
impl fmt::Display for Spend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let about = if self.estimated { "~" } else { "" };
        match self.micro_usd {
            0 => f.write_str("$0.00"),
            1..10_000 => write!(f, "{about}<$0.01"),
            micros => {
                let cents = micros.saturating_add(5_000) / 10_000;
                write!(f, "{about}${}.{:02}", cents / 100, cents % 100)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn facts() -> ModelFacts {
        ModelFacts { usd_in: Some(1.25), usd_out: Some(10.0), usd_cached: Some(0.125), ..ModelFacts::default() }
    }

    fn micros(input: u32, output: u32, cached: u32) -> u64 {
        Spend::of(&Usage { input, output, cached, ..Usage::default() }, &facts()).unwrap().micro_usd
    }

    #[test]
    fn dollars_per_million_are_millionths_per_token() {
        assert_eq!(micros(1_000_000, 0, 0), 1_250_000);
        assert_eq!(micros(1_000, 500, 0), 6_250);
        assert_eq!(micros(1, 0, 0), 2, "a fraction of a millionth is rounded up");
        assert_eq!(micros(1_000, 0, 400), 800);
        assert_eq!(Spend::of(&Usage::default(), &ModelFacts::default()), None);
    }

    #[test]
    fn money_is_told_in_cents() {
        let told = |micro_usd, estimated| Spend { micro_usd, estimated }.to_string();
        assert_eq!(told(0, true), "$0.00");
        assert_eq!(told(9_999, false), "<$0.01");
        assert_eq!(told(140_000, false), "$0.14");
        assert_eq!(told(145_000, true), "~$0.15");
        assert_eq!(told(12_999_999, false), "$13.00");
    }

    proptest! {
        #[test]
        fn more_tokens_never_cost_less(input in 0_u32..2_000_000, output in 0_u32..200_000, more in 0_u32..1_000) {
            prop_assert!(micros(input, output, 0) <= micros(input + more, output + more, 0));
            prop_assert!(micros(input, output, input / 2) <= micros(input, output, 0));
        }
    }
}
