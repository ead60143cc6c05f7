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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::layout::{Arrangement, arrange};

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
