//! How the panes share the screen: columns and rows, nested, with weights.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};

use crate::engine::settings::PaneName;

/// A part of the screen.
#[derive(Debug, Clone, PartialEq)]
pub enum Layout {
    /// One pane.
    Pane(PaneName),
    /// Parts side by side or on top of each other.
    Split {
        /// In which direction they follow each other.
        axis: Axis,
        /// The parts with their weights, in order. Never empty.
        parts: Vec<Share>,
    },
}

/// The direction of a split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// Side by side.
    Columns,
    /// On top of each other.
    Rows,
}

impl Axis {
    /// The key in the file.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Columns => "columns",
            Self::Rows => "rows",
        }
    }
}

/// A part of a split and how much of it that part gets.
#[derive(Debug, Clone, PartialEq)]
pub struct Share {
    /// Its weight against its siblings; 1 unless the file says otherwise.
    pub weight: u16,
    /// What is there.
    pub layout: Layout,
}

impl Layout {
    /// All panes side by side with equal weights: what is used when the file has no layout.
    pub fn columns<'a>(panes: impl IntoIterator<Item = &'a PaneName>) -> Self {
        let parts = panes.into_iter().map(|pane| Share { weight: 1, layout: Self::Pane(pane.clone()) }).collect();
        Self::Split { axis: Axis::Columns, parts }
    }

    /// The panes of this part, left to right and top to bottom.
    pub fn panes(&self) -> Vec<&PaneName> {
        match self {
            Self::Pane(pane) => vec![pane],
            Self::Split { parts, .. } => parts.iter().flat_map(|part| part.layout.panes()).collect(),
        }
    }
}

impl<'de> Deserialize<'de> for Layout {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Share::deserialize(deserializer).map(|share| share.layout)
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShareVisitor)
    }
}

struct ShareVisitor;

impl<'de> Visitor<'de> for ShareVisitor {
    type Value = Share;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a pane's name, or a mapping with columns, rows or pane, and weight")
    }

    fn visit_str<E: de::Error>(self, pane: &str) -> Result<Share, E> {
        Ok(Share { weight: 1, layout: Layout::Pane(pane.to_owned()) })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Share, A::Error> {
        let (mut weight, mut layout) = (1, None);
        while let Some(key) = map.next_key::<Key>()? {
            let part = match key {
                Key::Columns => Layout::Split { axis: Axis::Columns, parts: map.next_value::<Parts>()?.0 },
                Key::Rows => Layout::Split { axis: Axis::Rows, parts: map.next_value::<Parts>()?.0 },
                Key::Pane => Layout::Pane(map.next_value()?),
                Key::Weight => {
                    weight = map.next_value::<Weight>()?.0;
                    continue;
                }
            };
            if layout.replace(part).is_some() {
                return Err(de::Error::custom("expected one of columns, rows and pane, found several"));
            }
        }
        let layout = layout.ok_or_else(|| de::Error::custom("expected columns, rows or pane"))?;
        Ok(Share { weight, layout })
    }
}

#[derive(serde::Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Key {
    Columns,
    Rows,
    Pane,
    Weight,
}

struct Parts(Vec<Share>);

impl<'de> Deserialize<'de> for Parts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;
        impl<'de> Visitor<'de> for List {
            type Value = Parts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of panes, columns and rows")
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Parts, A::Error> {
                let mut parts = Vec::new();
                while let Some(part) = seq.next_element()? {
                    parts.push(part);
                }
                if parts.is_empty() { Err(de::Error::custom("expected at least one pane")) } else { Ok(Parts(parts)) }
            }
        }
        deserializer.deserialize_seq(List)
    }
}

struct Weight(u16);

impl<'de> Deserialize<'de> for Weight {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;
        impl Visitor<'_> for Number {
            type Value = Weight;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a weight from 1 to 1000")
            }

            fn visit_u64<E: de::Error>(self, weight: u64) -> Result<Weight, E> {
                match u16::try_from(weight) {
                    Ok(weight @ 1..=1000) => Ok(Weight(weight)),
                    _ => Err(E::invalid_value(de::Unexpected::Unsigned(weight), &self)),
                }
            }
        }
        deserializer.deserialize_u64(Number)
    }
}
