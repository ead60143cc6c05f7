//! What a turn costs: its usage at the prices of its model.

use super::message::Usage;
use super::model::ModelFacts;

/// US dollars for this usage; `None` if a price of the model isn't known. Nothing is guessed.
///
/// Cached input costs what the provider takes for it, or as much as any other if that isn't known: the figure is
/// then an upper bound.
pub fn cost(usage: &Usage, facts: &ModelFacts) -> Option<f64> {
    let (ordinary_in, ordinary_out) = (facts.usd_in?, facts.usd_out?);
    let long = facts.long.filter(|long| usage.input > long.above);
    let (usd_in, usd_out) = long.map_or((ordinary_in, ordinary_out), |long| (long.usd_in, long.usd_out));
    // Cached tokens keep their share of the price of input when a long request makes that dearer.
    let share = |price: Option<f64>| match price {
        Some(price) if ordinary_in > 0.0 => usd_in * (price / ordinary_in),
        _ => usd_in,
    };
    let cached = usage.cached.min(usage.input);
    let written = usage.cache_written.min(usage.input - cached);
    let fresh = usage.input - cached - written;
    let parts = [
        (fresh, usd_in),
        (cached, share(facts.usd_cached)),
        (written, share(facts.usd_cache_write)),
        (usage.output, usd_out),
    ];
    Some(parts.iter().map(|(tokens, price)| f64::from(*tokens) * price).sum::<f64>() / 1e6)
}

#[cfg(test)]
mod tests {
    use super::super::model::LongPrice;
    use super::*;

    fn near(cost: Option<f64>, dollars: f64) {
        let cost = cost.unwrap();
        assert!((cost - dollars).abs() < 1e-9, "{cost} is not {dollars}");
    }

    fn sonnet() -> ModelFacts {
        ModelFacts {
            usd_in: Some(3.0),
            usd_out: Some(15.0),
            usd_cached: Some(0.3),
            usd_cache_write: Some(3.75),
            ..ModelFacts::default()
        }
    }

    #[test]
    fn every_kind_of_token_has_its_price() {
        let usage =
            Usage { input: 1_000_000, output: 100_000, cached: 600_000, cache_written: 100_000, ..Usage::default() };
        near(cost(&usage, &sonnet()), 0.9 + 0.18 + 0.375 + 1.5);
        let plain = Usage { input: 1_000_000, output: 100_000, ..Usage::default() };
        near(cost(&plain, &sonnet()), 3.0 + 1.5);
    }

    #[test]
    fn reasoning_is_part_of_the_answer_and_is_not_charged_twice() {
        let usage = Usage { output: 1_000_000, reasoning: 900_000, ..Usage::default() };
        near(cost(&usage, &sonnet()), 15.0);
    }

    #[test]
    fn without_a_price_for_the_cache_the_price_of_input_is_the_bound() {
        let facts = ModelFacts { usd_cached: None, usd_cache_write: None, ..sonnet() };
        let usage = Usage { input: 1_000_000, cached: 500_000, cache_written: 100_000, ..Usage::default() };
        near(cost(&usage, &facts), 3.0);
    }

    #[test]
    fn a_long_request_is_dearer_as_a_whole() {
        let long = Some(LongPrice { above: 200_000, usd_in: 6.0, usd_out: 22.5 });
        let facts = ModelFacts { long, ..sonnet() };
        let usage = |input| Usage { input, output: 1_000_000, cached: 100_000, ..Usage::default() };
        near(cost(&usage(200_000), &facts), 0.3 + 0.03 + 15.0);
        near(cost(&usage(300_000), &facts), 1.2 + 0.06 + 22.5);
    }

    #[test]
    fn an_unknown_price_is_not_zero_and_a_price_of_zero_is() {
        assert_eq!(cost(&Usage::default(), &ModelFacts::default()), None);
        assert_eq!(cost(&Usage::default(), &ModelFacts { usd_in: Some(1.0), ..ModelFacts::default() }), None);
        let free = ModelFacts { usd_in: Some(0.0), usd_out: Some(0.0), usd_cached: Some(0.0), ..ModelFacts::default() };
        near(cost(&Usage { input: 9, output: 9, cached: 9, ..Usage::default() }, &free), 0.0);
    }

    #[test]
    fn counts_that_contradict_each_other_cost_no_more_than_they_can() {
        let usage = Usage { input: 10, cached: u32::MAX, cache_written: u32::MAX, ..Usage::default() };
        near(cost(&usage, &sonnet()), 10.0 * 0.3 / 1e6);
    }
}
