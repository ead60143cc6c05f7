//! An export as one HTML page: no scripts, nothing fetched, every text sanitised and escaped.

use std::io::{self, Write};

use crate::cli::show::ending;
use crate::cli::when;
use crate::engine::message::{Author, Message, Part};
use crate::tui::text::sanitise::sanitise;

use super::{Bodies, Exported};

const STYLE: &str = "\
body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1c1c1c;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2.5rem;border-bottom:1px solid #ddd}
article{margin:1rem 0}article.person{border-left:3px solid #7a8cff;padding-left:.8rem}
header,.note{color:#666;font-size:.85rem}
pre{font:inherit;white-space:pre-wrap;overflow-wrap:anywhere;margin:.3rem 0}
details pre{font-size:.9rem;color:#444}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#161616}h2{border-color:#333}details pre{color:#aaa}}
";

/// The whole export.
pub(super) fn write(exported: &mut Exported, to: &mut dyn Write) -> anyhow::Result<()> {
    let title = escaped(&exported.title);
    write!(
        to,
        "<!doctype html>\n<html lang=\"\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n\
         </head>\n<body>\n<h1>{title}</h1>\n"
    )?;
    for conversation in exported.conversations.clone() {
        let mut is_first = true;
        exported.each_active(conversation.id, |message, bodies| {
            if std::mem::take(&mut is_first) {
                writeln!(to, "<h2>{} ({})</h2>", escaped(&conversation.pane), conversation.settings.locality)?;
            }
            Ok(write_message(to, message, bodies)?)
        })?;
    }
    Ok(to.write_all(b"</body>\n</html>\n")?)
}

fn write_message(to: &mut dyn Write, message: &Message, bodies: &Bodies) -> io::Result<()> {
    let class = match message.author {
        Author::Person => "person",
        Author::Model => "model",
    };
    let (id, at) = (message.id, when::minute(message.at.as_millis()));
    let (number, from) = (message.number, escaped(message.writer()));
    writeln!(to, "<article class=\"{class}\" id=\"{id}\">\n<header>m{number} · {from} · {at}</header>")?;
    for part in &message.parts {
        match part {
            Part::Text { text } => writeln!(to, "<pre dir=\"auto\">{}</pre>", escaped(text))?,
            Part::Reasoning { text } => write_folded(to, "Reasoning", text)?,
            Part::Attachment(attachment) => {
                let body = bodies.get(&attachment.hash).map_or("", |body| body.as_ref());
                write_folded(to, &format!("Attached: {}", attachment.name), body)?;
            }
            Part::Unknown(_) => writeln!(to, "<p class=\"note\">A part that a newer trialogue wrote.</p>")?,
        }
    }
    if let Some(ending) = ending(&message.ending) {
        writeln!(to, "<p class=\"note\">{}</p>", escaped(&ending))?;
    }
    writeln!(to, "</article>")
}

fn write_folded(to: &mut dyn Write, summary: &str, body: &str) -> io::Result<()> {
    let (summary, body) = (escaped(summary), escaped(body));
    writeln!(to, "<details><summary>{summary}</summary><pre dir=\"auto\">{body}</pre></details>")
}

/// The text as a page may hold it.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in sanitise(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_commands_become_text() {
        assert_eq!(escaped("<b onx='1'>&\"</b>"), "&lt;b onx=&#39;1&#39;&gt;&amp;&quot;&lt;/b&gt;");
        assert!(!escaped("a\u{1b}[2J\u{202E}b").contains(['\u{1b}', '\u{202E}']));
    }
}
