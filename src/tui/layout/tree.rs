//! The split tree: columns and rows, nested, with weights.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::engine::settings::PaneName;

/// The weight that a new branch begins with.
pub const WEIGHT: u16 = 100;
/// A branch of a split never gets smaller than this against its siblings when it is split.
const LEAST_WEIGHT: u16 = 10;
/// How many steps of resizing a split has from one end to the other; no branch gets smaller than one.
const STEPS: u32 = 20;

/// How the children of a split stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Axis {
    /// Side by side.
    Columns,
    /// One over the other.
    Rows,
}

/// A way to go from one pane to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// Upwards.
    Up,
    /// Downwards.
    Down,
}

impl Direction {
    /// The axis along which this direction goes.
    pub const fn axis(self) -> Axis {
        match self {
            Self::Left | Self::Right => Axis::Columns,
            Self::Up | Self::Down => Axis::Rows,
        }
    }

    const fn is_forward(self) -> bool {
        matches!(self, Self::Right | Self::Down)
    }
}

/// A pane, or a split into several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tree {
    /// One pane.
    Pane(PaneName),
    /// Several branches along one axis.
    Split {
        /// How they stand.
        axis: Axis,
        /// The branches, from left to right or from top to bottom.
        branches: Vec<Branch>,
    },
}

/// A child of a split.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    /// Its share against its siblings' weights.
    pub weight: u16,
    /// What stands there.
    pub tree: Tree,
}

/// Where a pane stood that was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stand {
    /// What stood next to it: the panes of the branch before it, or after it if it was the first.
    pub beside: Vec<PaneName>,
    /// How the two stood.
    pub axis: Axis,
    /// Whether it stood before the other one.
    pub before: bool,
    /// Its weight.
    pub weight: u16,
}

impl Branch {
    /// A branch of the usual weight.
    pub const fn new(tree: Tree) -> Self {
        Self { weight: WEIGHT, tree }
    }
}

impl Tree {
    /// Panes side by side; `None` without panes.
    pub fn columns(panes: impl IntoIterator<Item = PaneName>) -> Option<Self> {
        Self::split_of(Axis::Columns, panes.into_iter().map(|pane| Branch::new(Self::Pane(pane))).collect())
    }

    /// A split of these branches: nothing if there are none, the branch itself if there is one.
    pub fn split_of(axis: Axis, mut branches: Vec<Branch>) -> Option<Self> {
        match branches.len() {
            0 => None,
            1 => branches.pop().map(|only| only.tree),
            _ => Some(Self::Split { axis, branches }),
        }
    }

    /// The panes in reading order.
    pub fn panes(&self) -> Vec<&PaneName> {
        match self {
            Self::Pane(pane) => vec![pane],
            Self::Split { branches, .. } => branches.iter().flat_map(|branch| branch.tree.panes()).collect(),
        }
    }

    /// Whether this pane stands in the tree.
    pub fn contains(&self, pane: &str) -> bool {
        match self {
            Self::Pane(name) => name == pane,
            Self::Split { branches, .. } => branches.iter().any(|branch| branch.tree.contains(pane)),
        }
    }

    /// Puts a new pane beside or below another one. Returns whether the other one was found.
    pub fn split(&mut self, beside: &str, axis: Axis, new: &PaneName) -> bool {
        if self.contains(new) {
            return false;
        }
        self.insert(beside, axis, new)
    }

    fn insert(&mut self, beside: &str, axis: Axis, new: &PaneName) -> bool {
        match self {
            Self::Pane(name) if name == beside => {
                let branches = vec![Branch::new(Self::Pane(name.clone())), Branch::new(Self::Pane(new.clone()))];
                *self = Self::Split { axis, branches };
                true
            }
            Self::Pane(_) => false,
            Self::Split { axis: own, branches } => {
                let found = branches.iter().position(|branch| branch.tree.contains(beside));
                let Some(at) = found else { return false };
                if *own == axis && matches!(branches[at].tree, Self::Pane(_)) {
                    let half = (branches[at].weight / 2).max(LEAST_WEIGHT);
                    branches[at].weight = half;
                    branches.insert(at + 1, Branch { weight: half, tree: Self::Pane(new.clone()) });
                    return true;
                }
                branches[at].tree.insert(beside, axis, new)
            }
        }
    }

    /// Beside what a pane stands, and how; `None` if it stands alone.
    pub fn stand(&self, pane: &str) -> Option<Stand> {
        let Self::Split { axis, branches } = self else { return None };
        let at = branches.iter().position(|branch| branch.tree.contains(pane))?;
        if !matches!(branches[at].tree, Self::Pane(_)) {
            return branches[at].tree.stand(pane);
        }
        let before = at == 0;
        let sibling = branches.get(if before { 1 } else { at - 1 })?;
        let beside = sibling.tree.panes().into_iter().cloned().collect();
        Some(Stand { beside, axis: *axis, before, weight: branches[at].weight })
    }

    /// Puts a pane where it stood. Returns whether anything it stood beside is still there.
    pub fn put(&mut self, stand: &Stand, new: &PaneName) -> bool {
        if self.contains(new) {
            return false;
        }
        self.put_beside(stand, new) || stand.beside.iter().any(|beside| self.insert(beside, stand.axis, new))
    }

    /// Puts a pane beside exactly what it stood beside, if that still stands together.
    fn put_beside(&mut self, stand: &Stand, new: &PaneName) -> bool {
        let is_sibling = |tree: &Self| tree.panes().into_iter().eq(&stand.beside);
        let branch = Branch { weight: stand.weight, tree: Self::Pane(new.clone()) };
        if is_sibling(self) && !matches!(self, Self::Split { axis, .. } if *axis == stand.axis) {
            let whole = Branch::new(std::mem::replace(self, Self::Pane(PaneName::new())));
            let branches = if stand.before { vec![branch, whole] } else { vec![whole, branch] };
            *self = Self::Split { axis: stand.axis, branches };
            return true;
        }
        let Self::Split { axis, branches } = self else { return false };
        let Some(at) = branches.iter().position(|branch| stand.beside.iter().any(|pane| branch.tree.contains(pane)))
        else {
            return false;
        };
        if *axis == stand.axis && is_sibling(&branches[at].tree) {
            branches.insert(if stand.before { at } else { at + 1 }, branch);
            return true;
        }
        branches[at].tree.put_beside(stand, new)
    }

    /// Puts a pane at the right or lower end.
    pub fn append(&mut self, new: PaneName) {
        if self.contains(&new) {
            return;
        }
        let branch = Branch::new(Self::Pane(new));
        if let Self::Split { axis: Axis::Columns, branches } = self {
            branches.push(branch);
            return;
        }
        let whole = std::mem::replace(self, Self::Pane(PaneName::new()));
        *self = Self::Split { axis: Axis::Columns, branches: vec![Branch::new(whole), branch] };
    }

    /// The tree without this pane; `None` if nothing is left.
    #[must_use]
    pub fn without(self, pane: &str) -> Option<Self> {
        match self {
            Self::Pane(name) => (name != pane).then_some(Self::Pane(name)),
            Self::Split { axis, branches } => {
                let mut left: Vec<Branch> = Vec::with_capacity(branches.len());
                for Branch { weight, tree } in branches {
                    match tree.without(pane) {
                        // A split that lost all but one child becomes that child; of our own axis, its children are ours.
                        Some(Self::Split { axis: own, branches }) if own == axis => left.extend(branches),
                        Some(tree) => left.push(Branch { weight, tree }),
                        None => {}
                    }
                }
                Self::split_of(axis, left)
            }
        }
    }

    /// Makes a pane larger in this direction, at its neighbour's cost. Returns whether anything changed.
    pub fn grow(&mut self, pane: &str, towards: Direction) -> bool {
        let Self::Split { axis, branches } = self else { return false };
        let Some(at) = branches.iter().position(|branch| branch.tree.contains(pane)) else { return false };
        if branches[at].tree.grow(pane, towards) {
            return true;
        }
        if *axis != towards.axis() {
            return false;
        }
        // At the screen's edge the key moves the only border there is: the pane gets smaller instead.
        let neighbour = if towards.is_forward() { at + 1 } else { at.wrapping_sub(1) };
        if neighbour < branches.len() {
            return shift(branches, neighbour, at);
        }
        let inner = if towards.is_forward() { at.wrapping_sub(1) } else { at + 1 };
        inner < branches.len() && shift(branches, at, inner)
    }

    /// Puts the border at a pane's right or lower end behind this cell. `extent` tells which cells a branch has now; what
    /// is seen is what the weights say from then on. Returns whether there is such a border.
    pub fn place_border(&mut self, pane: &str, axis: Axis, behind: u16, extent: &impl Fn(&Self) -> Range<u16>) -> bool {
        let Self::Split { axis: own, branches } = self else { return false };
        let Some(at) = branches.iter().position(|branch| branch.tree.contains(pane)) else { return false };
        if branches[at].tree.place_border(pane, axis, behind, extent) {
            return true;
        }
        if *own != axis || at + 1 >= branches.len() {
            return false;
        }
        let cells: Vec<Range<u16>> = branches.iter().map(|branch| extent(&branch.tree)).collect();
        for (branch, cells) in branches.iter_mut().zip(&cells) {
            branch.weight = cells.len().clamp(1, 6_000) as u16 * 10;
        }
        let both = cells[at + 1].end.saturating_sub(cells[at].start);
        let wanted = (behind + 1).saturating_sub(cells[at].start).clamp(1, both.saturating_sub(1).max(1));
        branches[at].weight = wanted.min(6_000) * 10;
        branches[at + 1].weight = both.saturating_sub(wanted).clamp(1, 6_000) * 10;
        true
    }

    /// Gives every branch the same weight again.
    pub fn even_out(&mut self) {
        if let Self::Split { branches, .. } = self {
            for branch in branches {
                branch.weight = WEIGHT;
                branch.tree.even_out();
            }
        }
    }
}

fn shift(branches: &mut [Branch], from: usize, to: usize) -> bool {
    // A step is the same on every screen, however fine the weights are.
    let whole: u32 = branches.iter().map(|branch| u32::from(branch.weight)).sum();
    let least = (whole / STEPS).clamp(1, u32::from(u16::MAX)) as u16;
    let step = least.min(branches[from].weight.saturating_sub(least));
    if step == 0 {
        return false;
    }
    branches[from].weight -= step;
    branches[to].weight = branches[to].weight.saturating_add(step);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(panes: &[&str]) -> Tree {
        Tree::columns(panes.iter().map(|&pane| pane.to_owned())).unwrap()
    }

    /// `[a b]` are columns, `(a b)` rows.
    fn drawn(tree: &Tree) -> String {
        match tree {
            Tree::Pane(pane) => pane.clone(),
            Tree::Split { axis, branches } => {
                let inside: Vec<String> = branches.iter().map(|branch| drawn(&branch.tree)).collect();
                match axis {
                    Axis::Columns => format!("[{}]", inside.join(" ")),
                    Axis::Rows => format!("({})", inside.join(" ")),
                }
            }
        }
    }

    #[test]
    fn a_split_along_the_same_axis_widens_the_row() {
        let mut tree = tree(&["a", "b"]);
        assert!(tree.split("a", Axis::Columns, &"c".into()));
        assert_eq!(drawn(&tree), "[a c b]");
        assert!(tree.split("c", Axis::Rows, &"d".into()));
        assert_eq!(drawn(&tree), "[a (c d) b]");
        assert!(tree.split("d", Axis::Columns, &"e".into()));
        assert_eq!(drawn(&tree), "[a (c [d e]) b]");
        assert!(!tree.split("x", Axis::Rows, &"f".into()));
        assert!(!tree.split("a", Axis::Rows, &"b".into()), "no pane stands twice");
    }

    #[test]
    fn a_closed_pane_leaves_no_split_of_one() {
        let mut tree = tree(&["a", "b"]);
        tree.split("b", Axis::Rows, &"c".into());
        let tree = tree.without("a").unwrap();
        assert_eq!(drawn(&tree), "(b c)");
        let tree = tree.without("b").unwrap();
        assert_eq!(drawn(&tree), "c");
        assert_eq!(tree.without("c"), None);
    }

    #[test]
    fn a_nested_split_of_the_same_axis_joins_its_parent() {
        let mut tree = tree(&["a", "b"]);
        tree.split("b", Axis::Rows, &"c".into());
        tree.split("c", Axis::Columns, &"d".into());
        assert_eq!(drawn(&tree), "[a (b [c d])]");
        assert_eq!(drawn(&tree.without("b").unwrap()), "[a c d]");
    }

    #[test]
    fn growing_takes_from_the_neighbour_until_little_is_left() {
        let mut tree = tree(&["a", "b"]);
        assert!(tree.grow("a", Direction::Right));
        let weights = |tree: &Tree| match tree {
            Tree::Split { branches, .. } => branches.iter().map(|branch| branch.weight).collect::<Vec<_>>(),
            Tree::Pane(_) => vec![],
        };
        assert_eq!(weights(&tree), [110, 90]);
        assert!(tree.grow("a", Direction::Left), "at the edge the pane gets smaller");
        assert_eq!(weights(&tree), [100, 100]);
        while tree.grow("a", Direction::Right) {}
        assert_eq!(weights(&tree), [190, 10]);
        assert!(!tree.grow("a", Direction::Up));
    }

    #[test]
    fn a_border_is_put_where_it_is_wanted() {
        let mut tree = tree(&["a", "b", "c"]);
        tree.split("b", Axis::Rows, &"d".into());
        // Three columns of forty cells, b over d of twenty each.
        let extent = |tree: &Tree| match (tree.panes()[0].as_str(), tree.panes().len()) {
            ("a", 1) => 0..40,
            ("b", 2) => 40..80,
            ("b", _) => 0..20,
            ("d", _) => 20..40,
            _ => 80..120,
        };
        assert!(tree.place_border("a", Axis::Columns, 49, &extent));
        let weights = |tree: &Tree| match tree {
            Tree::Split { branches, .. } => branches.iter().map(|branch| branch.weight).collect::<Vec<_>>(),
            Tree::Pane(_) => vec![],
        };
        assert_eq!(weights(&tree), [500, 300, 400]);
        assert!(tree.place_border("b", Axis::Rows, 4, &extent));
        assert!(!tree.place_border("d", Axis::Rows, 4, &extent), "the lowest has no border below");
        assert!(tree.place_border("d", Axis::Columns, 0, &extent), "the border of a nested pane is its column's");
        assert_eq!(weights(&tree), [400, 10, 790]);
    }

    #[test]
    fn a_pane_that_was_closed_comes_back_where_it_stood() {
        let mut whole = tree(&["a", "b", "c"]);
        whole.split("b", Axis::Rows, &"d".into());
        whole.grow("a", Direction::Right);
        for pane in ["a", "b", "c", "d"] {
            let stand = whole.stand(pane).unwrap();
            let mut left = whole.clone().without(pane).unwrap();
            assert!(left.put(&stand, &pane.to_owned()), "{pane}");
            assert_eq!(drawn(&left), drawn(&whole), "{pane}");
        }
        let stand = whole.stand("c").unwrap();
        assert!(!tree(&["x", "y"]).put(&stand, &"c".to_owned()), "what it stood beside is gone");
        assert_eq!(tree(&["a"]).stand("a"), None);
    }
}
