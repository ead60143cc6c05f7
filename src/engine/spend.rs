//! What a turn costs: prices, and the money that was spent. Counted in millionths of a US dollar, so that sums are exact.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::message::Usage;
use super::model::ModelFacts;

/// What a model costs, in US dollars per million tokens.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Price {
    /// Of the request.
    pub usd_in: f64,
    /// Of the answer.
    pub usd_out: f64,
    /// Of those of the request that the provider had cached; the full price if `None`, which is never too little.
    pub usd_cached: Option<f64>,
}

impl Price {
    /// The price of a model, if it is known.
    pub fn of(facts: &ModelFacts) -> Option<Self> {
        Some(Self { usd_in: facts.usd_in?, usd_out: facts.usd_out?, usd_cached: None })
    }
}

/// What this usage costs, in millionths of a US dollar, rounded up.
pub fn cost(usage: &Usage, price: &Price) -> u64 {
    let cached = usage.cached.min(usage.input);
    let fresh = f64::from(usage.input - cached) * price.usd_in;
    let cached = f64::from(cached) * price.usd_cached.unwrap_or(price.usd_in);
    // Dollars per million tokens are millionths of a dollar per token.
    let exact = f64::from(usage.output).mul_add(price.usd_out, fresh + cached);
    // What a sum of fractions adds beyond its exact value is no millionth.
    (exact - 1e-6).ceil().max(0.0) as u64
}

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

    fn usage(input: u32, output: u32, cached: u32) -> Usage {
        Usage { input, output, cached, estimated: false }
    }

    #[test]
    fn dollars_per_million_are_millionths_per_token() {
        let price = Price { usd_in: 1.25, usd_out: 10.0, usd_cached: None };
        assert_eq!(cost(&usage(1_000_000, 0, 0), &price), 1_250_000);
        assert_eq!(cost(&usage(1_000, 500, 0), &price), 6_250);
        assert_eq!(cost(&usage(1, 0, 0), &price), 2, "a fraction of a millionth is rounded up");
        assert_eq!(cost(&usage(1_000, 0, 400), &price), 1_250, "without a price of its own, the full price");
        let cheaper = Price { usd_cached: Some(0.125), ..price };
        assert_eq!(cost(&usage(1_000, 0, 400), &cheaper), 800);
        assert_eq!(cost(&usage(10, 0, 400), &cheaper), 2, "no more is cached than was sent");
        assert_eq!(Price::of(&ModelFacts { usd_in: Some(1.0), ..ModelFacts::default() }), None);
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
            let price = Price { usd_in: 0.05, usd_out: 0.4, usd_cached: Some(0.005) };
            prop_assert!(cost(&usage(input, output, 0), &price) <= cost(&usage(input + more, output + more, 0), &price));
            prop_assert!(cost(&usage(input, output, input / 2), &price) <= cost(&usage(input, output, 0), &price));
        }
    }
}
