//! The tree that a workspace file asks for.

use super::tree::{Axis, Branch, Tree, WEIGHT};
use crate::config::layout::{self, Layout};

impl Tree {
    /// The layout of a workspace file; `None` without panes.
    pub fn of(layout: &Layout) -> Option<Self> {
        let Layout::Split { axis, parts } = layout else {
            return layout.panes().first().map(|&pane| Self::Pane(pane.clone()));
        };
        let axis = match axis {
            layout::Axis::Columns => Axis::Columns,
            layout::Axis::Rows => Axis::Rows,
        };
        let mut branches: Vec<Branch> = Vec::with_capacity(parts.len());
        for part in parts {
            // The file counts in units; here a unit is the usual weight, so that keys can move borders finely.
            let weight = part.weight.saturating_mul(WEIGHT);
            match Self::of(&part.layout) {
                // A split inside one of its own axis is one split: weights are of siblings.
                Some(Self::Split { axis: inner, branches: more }) if inner == axis => {
                    let sum: u32 = more.iter().map(|branch| u32::from(branch.weight)).sum();
                    branches.extend(more.into_iter().map(|branch| {
                        let share = u32::from(weight) * u32::from(branch.weight) / sum.max(1);
                        Branch { weight: share.clamp(1, u32::from(u16::MAX)) as u16, tree: branch.tree }
                    }));
                }
                Some(tree) => branches.push(Branch { weight, tree }),
                None => {}
            }
        }
        Self::split_of(axis, branches)
    }
}

impl Tree {
    /// The tree as a workspace file writes it, with the panes that the file knows; `None` if it knows none of them.
    pub fn in_file(&self, is_known: &impl Fn(&str) -> bool) -> Option<Layout> {
        match self {
            Self::Pane(pane) => is_known(pane).then(|| Layout::Pane(pane.clone())),
            Self::Split { axis, branches } => {
                let axis = match axis {
                    Axis::Columns => layout::Axis::Columns,
                    Axis::Rows => layout::Axis::Rows,
                };
                let kept: Vec<(u16, Layout)> = branches
                    .iter()
                    .filter_map(|branch| Some((branch.weight, branch.tree.in_file(is_known)?)))
                    .collect();
                let whole: u32 = kept.iter().map(|(weight, _)| u32::from(*weight)).sum();
                let is_even = kept.windows(2).all(|pair| pair[0].0 == pair[1].0);
                // Uneven weights are written as per cent: a person reads them as such.
                let share = |weight: u16| (u32::from(weight) * 100 / whole.max(1)).clamp(1, 100) as u16;
                let mut parts: Vec<layout::Share> = kept
                    .into_iter()
                    .map(|(weight, layout)| layout::Share { weight: if is_even { 1 } else { share(weight) }, layout })
                    .collect();
                match parts.len() {
                    0 => None,
                    1 => parts.pop().map(|only| only.layout),
                    _ => Some(Layout::Split { axis, parts }),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::layout::{Arrangement, arrange};

    #[test]
    fn a_tree_goes_into_a_file_and_comes_back() {
        let yaml = "columns: [{pane: a, weight: 50}, {rows: [b, c], weight: 30}, {pane: d, weight: 20}]";
        let layout: Layout = serde_yaml::from_str(yaml).unwrap();
        let tree = Tree::of(&layout).unwrap();
        assert_eq!(tree.in_file(&|_| true), Some(layout));
        let without = tree.in_file(&|pane| pane != "c" && pane != "a").unwrap();
        assert_eq!(without, serde_yaml::from_str("columns: [{pane: b, weight: 60}, {pane: d, weight: 40}]").unwrap());
        assert_eq!(tree.in_file(&|_| false), None);
    }

    #[test]
    fn a_file_s_layout_is_a_tree_of_its_weights() {
        let yaml = "columns: [{pane: a, weight: 2}, {rows: [b, c]}, {columns: [d]}]";
        let layout: Layout = serde_yaml::from_str(yaml).unwrap();
        let tree = Tree::of(&layout).unwrap();
        assert_eq!(tree.panes(), ["a", "b", "c", "d"]);
        let Arrangement::Boxes(boxes) = arrange(&tree, ratatui::layout::Rect::new(0, 0, 400, 40), "a", false) else {
            panic!("there is room for four panes");
        };
        assert_eq!(boxes.iter().map(|(_, rect)| rect.width).collect::<Vec<_>>(), [200, 100, 100, 100]);
    }
}
