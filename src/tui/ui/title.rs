//! What is told of a pane in its title or tab: name, locality, model, how full, what happens.

use crate::engine::gauge::Level;
use crate::engine::model::ModelRef;
use crate::engine::settings::{HandoffPolicy, Locality};
use crate::tui::app::conversation::Stage;
use crate::tui::app::draft::After;
use crate::tui::app::{App, Badge, Conversation, Pane};
use crate::tui::dialog::short;
use crate::tui::text::sanitise::one_line;
use crate::tui::theme::{Glyph, Token};

/// A piece of a title, and how dear it is: the cheapest go first where room is short.
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) token: Token,
    pub(super) rank: u8,
}

/// `1 research ○`, always; then model, meter and state, as far as they fit.
pub(super) fn pieces(app: &App, pane: &Pane, number: usize, conversation: &Conversation) -> Vec<Piece> {
    let is_focused = pane.name == app.focused;
    let locality = conversation.overview.settings.locality;
    let token = if is_focused { Token::Accent } else { Token::Text };
    let name = format!("{number} {} {}", one_line(&pane.name), app.glyphs.of(locality_glyph(locality)));
    let name_token = if locality == Locality::Sealed { Token::Sealed } else { token };
    let mut pieces = vec![Piece { text: name, token: name_token, rank: 9 }];
    let model = one_line(&conversation.overview.model.to_string()).into_owned();
    pieces.push(Piece { text: model, token: Token::Dim, rank: if is_focused { 3 } else { 1 } });
    pieces.extend(meter(app, conversation));
    pieces.extend(forecast(app, conversation).map(|text| Piece { text, token: Token::Warn, rank: 4 }));
    pieces.extend(spend(conversation));
    pieces.extend(brief(app, pane));
    pieces.extend(state(app, pane, conversation));
    pieces
}

/// The glyph of a locality.
pub(super) const fn locality_glyph(locality: Locality) -> Glyph {
    match locality {
        Locality::Open => Glyph::Open,
        Locality::Guarded => Glyph::Guarded,
        Locality::Sealed => Glyph::Sealed,
    }
}

/// `◔ 72% of 8k`; of a window that nobody knows, the tokens.
pub(super) fn meter(app: &App, conversation: &Conversation) -> Option<Piece> {
    let overview = &conversation.overview;
    let gauge = overview.gauge(&app.settings);
    if gauge.tokens == 0 || overview.model.is_offline() {
        return None;
    }
    let Some((room, fill)) = gauge.room.zip(gauge.fill()) else {
        return Some(Piece { text: format!("{} of ? tokens", short(gauge.tokens)), token: Token::Dim, rank: 2 });
    };
    // The mark follows what is usable, which the answer and the handoff's own request have been taken from.
    let (glyph, token, rank) = match gauge.level {
        Level::Due => (Some(Glyph::Fill90), Token::Danger, 7),
        Level::Prepare => (Some(Glyph::Fill80), Token::Warn, 6),
        Level::Notice => (Some(Glyph::Fill70), Token::Warn, 5),
        Level::Calm => (None, Token::Dim, 2),
    };
    let glyph = glyph.map(|glyph| format!("{} ", app.glyphs.of(glyph))).unwrap_or_default();
    Some(Piece { text: format!("{glyph}{:.0}% of {}", fill * 100.0, short(room.window)), token, rank })
}

/// `hands off in ~6 turns`, once that comes near; nothing where nobody knows the window, or none is made by itself.
pub(super) fn forecast(app: &App, conversation: &Conversation) -> Option<String> {
    let gauge = conversation.overview.gauge(&app.settings);
    if gauge.level == Level::Calm || conversation.overview.model.is_offline() {
        return None;
    }
    let what = match app.settings.handoff.policy {
        _ if conversation.overview.succession.held.is_some() => return None,
        HandoffPolicy::Auto => "hands off",
        HandoffPolicy::Ask => "handoff due",
        HandoffPolicy::Off => return None,
    };
    Some(match gauge.turns_left? {
        0 => format!("{what} next turn"),
        1 => format!("{what} in ~1 turn"),
        turns => format!("{what} in ~{turns} turns"),
    })
}

/// `⇒ draft`, where a brief was begun and waits.
pub(super) fn brief(app: &App, pane: &Pane) -> Option<Piece> {
    let is_waiting = pane.brief.kept.is_some() && !pane.brief.is_on_its_way;
    let text = || format!("{} draft", app.glyphs.of(Glyph::BriefOut));
    is_waiting.then(|| Piece { text: text(), token: Token::Brief, rank: 4 })
}

/// `$0.14`, once anything was paid for.
fn spend(conversation: &Conversation) -> Option<Piece> {
    let spend = conversation.overview.spend;
    (!spend.is_nothing()).then(|| Piece { text: spend.to_string(), token: Token::Dim, rank: 2 })
}

/// `2 streaming · 1 waiting`: how far the answers of all panes are, in the words of their titles; nothing if none runs.
pub(super) fn underway(app: &App) -> Option<String> {
    let stages: Vec<Stage> = app.conversations.values().filter_map(Conversation::stage).collect();
    let count = |stage: &Stage| stages.iter().filter(|known| *known == stage).count();
    let told = Stage::ALL.iter().map(|stage| (count(stage), stage.word())).filter(|(count, _)| *count > 0);
    let told: Vec<String> = told.map(|(count, word)| format!("{count} {word}")).collect();
    (!told.is_empty()).then(|| told.join(" · "))
}

/// What happens in a pane: streaming, failed, waiting for the person, done and unread.
pub(super) fn state(app: &App, pane: &Pane, conversation: &Conversation) -> Option<Piece> {
    let told =
        |glyph, word: String, token| Some(Piece { text: format!("{} {word}", app.glyphs.of(glyph)), token, rank: 8 });
    if let Some(live) = &conversation.live {
        let stage = live.stage();
        let rate = live.rate(app.now).filter(|_| stage == Stage::Streaming).map(|rate| format!("{rate} t/s"));
        let told = rate.unwrap_or_else(|| stage.word().to_owned());
        let text = format!("{told} {}", app.glyphs.of(Glyph::Streaming));
        return Some(Piece { text, token: Token::Accent, rank: 8 });
    }
    match pane.badge? {
        Badge::NeedsYou => told(Glyph::NeedsYou, "needs you".to_owned(), Token::Warn),
        Badge::Failed => told(Glyph::Failed, "failed".to_owned(), Token::Danger),
        Badge::Reported(count) => {
            let reports = if count == 1 { "report" } else { "reports" };
            told(Glyph::BriefIn, format!("{count} {reports}"), Token::Ok)
        }
        Badge::Done(count) => told(Glyph::Unread, format!("{count} new"), Token::Ok),
    }
}

/// Where Enter goes: `research · llama (local) · open`.
pub(super) fn destination(app: &App, pane: &Pane, conversation: &Conversation) -> String {
    let overview = app.addressed(&pane.name).map_or(&conversation.overview, |addressed| &addressed.overview);
    let place = place(app, &overview.model);
    let locality = overview.settings.locality;
    let mut told = format!("{} · {place}", one_line(&pane.name));
    if !(overview.model.is_offline() && locality == Locality::Open) {
        let under = if overview.whereabouts.is_masked { ", under pseudonyms" } else { "" };
        told = format!("{told} · {locality}{under}");
    }
    match pane.composer.after {
        None if pane.looks_elsewhere() => format!("{told} · where it goes on"),
        Some(After { message: None, .. }) => format!("{told} · a branch from the beginning"),
        Some(after) => format!("{told} · a branch after m{}", after.number),
        None => told,
    }
}

fn place(app: &App, model: &ModelRef) -> String {
    if model.is_offline() {
        return "offline · stays on this machine".to_owned();
    }
    let place = if app.settings.is_local(&model.provider) { "local" } else { "cloud" };
    format!("{} ({place})", one_line(&model.provider))
}
