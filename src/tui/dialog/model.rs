//! Who answers: what is configured, and what was found and would have to be configured first.

use super::Outcome;
use super::list::{List, Row};
use crate::engine::model::ModelRef;
use crate::engine::settings::PaneName;
use crate::tui::app::{Offer, Standing};
use crate::tui::key::{Code, Key};

/// The models to choose from.
#[derive(Debug, Clone)]
pub struct ModelPicker {
    /// The pane it was opened in.
    pub origin: PaneName,
    /// The model in use there.
    pub current: Option<ModelRef>,
    /// The models as rows.
    pub list: List,
    /// Whether discovery is still looking.
    pub is_looking: bool,
    /// What to write before the chosen model can be used, shown instead of the list.
    pub setup: Option<String>,
    offers: Vec<Offer>,
    is_after_leader: bool,
}

impl ModelPicker {
    /// What is known; discovery adds to it.
    pub fn new(origin: PaneName, current: Option<ModelRef>, offers: Vec<Offer>) -> Self {
        let offers = current_first(current.as_ref(), offers);
        let list = List::new(offers.iter().map(row).collect());
        Self { origin, current, list, is_looking: true, setup: None, offers, is_after_leader: false }
    }

    /// Takes what discovery found.
    pub fn take(&mut self, offers: Vec<Offer>) {
        self.is_looking = false;
        let offers = current_first(self.current.as_ref(), offers);
        self.list.replace(offers.iter().map(row).collect());
        self.offers = offers;
    }

    /// Takes a test's news.
    pub fn tested(&mut self, model: &ModelRef, told: &str) {
        if let Some(offer) = self.offers.iter_mut().find(|offer| offer.model == *model) {
            told.clone_into(&mut offer.state);
        }
        self.list.replace(self.offers.iter().map(row).collect());
    }

    /// For each row that is shown, whether it is out of reach until something is done.
    pub fn out_of_reach(&self) -> Vec<bool> {
        self.list
            .numbers()
            .map(|at| self.offers.get(at).is_some_and(|offer| offer.standing == Standing::NoKey))
            .collect()
    }

    fn chosen(&self) -> Option<&Offer> {
        self.offers.get(self.list.chosen()?)
    }

    pub(super) fn key(&mut self, key: Key, leader: Key) -> Outcome {
        let everywhere = std::mem::take(&mut self.is_after_leader);
        if self.setup.is_some() {
            if matches!(key.code, Code::Esc | Code::Enter) {
                self.setup = None;
            }
            return Outcome::Stay;
        }
        if key == leader {
            self.is_after_leader = true;
            return Outcome::Stay;
        }
        match key.code {
            Code::Esc => Outcome::Close,
            Code::Enter => self.enter(everywhere),
            // A letter filters; with the filter empty, t tests what is chosen.
            Code::Char('t') if self.list.filter.text().is_empty() || key.ctrl => match self.chosen() {
                Some(offer) if offer.setup.is_none() => {
                    let model = offer.model.clone();
                    self.tested(&model, "asking …");
                    Outcome::Test(model)
                }
                _ => Outcome::Stay,
            },
            _ => {
                self.list.key(key);
                Outcome::Stay
            }
        }
    }

    fn enter(&mut self, everywhere: bool) -> Outcome {
        let Some(offer) = self.chosen() else { return Outcome::Stay };
        if let Some(setup) = &offer.setup {
            // Found is not chosen: a person writes it down first.
            self.setup = Some(setup.clone());
            return Outcome::Stay;
        }
        let model = offer.model.clone();
        if everywhere { Outcome::ChooseEverywhere(model) } else { Outcome::Choose(self.origin.clone(), model) }
    }
}

/// The model in use stands at the top, where Enter changes nothing.
fn current_first(current: Option<&ModelRef>, mut offers: Vec<Offer>) -> Vec<Offer> {
    offers.sort_by_key(|offer| Some(&offer.model) != current);
    offers
}

fn row(offer: &Offer) -> Row {
    let window = offer.window.map_or_else(|| "–".to_owned(), |window| format!("{} window", short(window)));
    let place = if offer.local { "local" } else { "cloud" };
    let name = if offer.model.is_offline() { "offline · extractive".to_owned() } else { offer.model.to_string() };
    Row { name, told: format!("{window:<12} {place:<6} {}", offer.state) }
}

/// A number of tokens as people say it: 8k, 128k, 1M.
pub fn short(tokens: u32) -> String {
    match tokens {
        0..1_000 => tokens.to_string(),
        1_000..1_000_000 => format!("{}k", (tokens + 500) / 1_000),
        _ => format!("{:.0}M", f64::from(tokens) / 1e6),
    }
}
