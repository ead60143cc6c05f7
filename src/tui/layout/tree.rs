//! The split tree: columns and rows, nested, with weights.

use serde::{Deserialize, Serialize};

use crate::engine::settings::PaneName;

/// The weight that a new branch begins with.
pub const WEIGHT: u16 = 100;
/// A branch never gets smaller than this against its siblings.
const LEAST_WEIGHT: u16 = 10;
/// How much one resize step takes from a sibling.
const STEP: u16 = 10;

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

    /// Moves the border at this pane's right or lower end towards the pane. Returns whether anything changed.
    pub fn shrink(&mut self, pane: &str, towards: Direction) -> bool {
        let Self::Split { axis, branches } = self else { return false };
        let Some(at) = branches.iter().position(|branch| branch.tree.contains(pane)) else { return false };
        if branches[at].tree.shrink(pane, towards) {
            return true;
        }
        *axis == towards.axis() && at + 1 < branches.len() && shift(branches, at, at + 1)
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
    let step = STEP.min(branches[from].weight.saturating_sub(LEAST_WEIGHT));
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
}
