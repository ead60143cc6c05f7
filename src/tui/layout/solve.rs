//! From a tree and an area to rectangles: the focused pane is wide enough to read, the others become strips.

use ratatui::layout::Rect;

use super::tree::{Axis, Branch, Direction, Tree};
use crate::engine::settings::PaneName;

/// The columns that the focused pane gets where the screen has them.
pub const READABLE: u16 = 72;
/// Below this many columns there is one pane at a time, and tabs.
pub const TABS_BELOW: u16 = 100;
/// The narrowest strip.
const LEAST_COLUMNS: u16 = 14;
/// The lowest box: title, a line, the composer's border, a line, the bottom.
const LEAST_ROWS: u16 = 6;
/// Below this many columns or rows there is only a message.
const LEAST_SCREEN: (u16, u16) = (24, 6);

/// What an area shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arrangement {
    /// Boxes that tile the area, in reading order.
    Boxes(Vec<(PaneName, Rect)>),
    /// One pane at a time under a row of tabs.
    Tabs,
    /// Nothing fits; the screen says so.
    TooSmall,
}

/// Lays a tree out in an area. `zoomed` shows the focused pane alone.
pub fn arrange(tree: &Tree, area: Rect, focused: &str, zoomed: bool) -> Arrangement {
    if area.width < LEAST_SCREEN.0 || area.height < LEAST_SCREEN.1 {
        return Arrangement::TooSmall;
    }
    let alone = zoomed || matches!(tree, Tree::Pane(_));
    if area.width < TABS_BELOW || area.height < LEAST_ROWS {
        return Arrangement::Tabs;
    }
    let mut boxes = Vec::new();
    if alone {
        boxes.push((focused.to_owned(), area));
        return Arrangement::Boxes(boxes);
    }
    if least(tree, Axis::Columns) > area.width || least(tree, Axis::Rows) > area.height {
        return Arrangement::Tabs;
    }
    place(tree, area, focused, &mut boxes);
    Arrangement::Boxes(boxes)
}

/// The pane that lies in this direction.
pub fn neighbour<'a>(boxes: &'a [(PaneName, Rect)], from: &str, towards: Direction) -> Option<&'a PaneName> {
    let (_, own) = boxes.iter().find(|(pane, _)| pane == from)?;
    let overlap = |a: u16, a_len: u16, b: u16, b_len: u16| (a + a_len).min(b + b_len).saturating_sub(a.max(b));
    let candidates = boxes.iter().filter_map(|(pane, other)| {
        let (distance, shared) = match towards {
            Direction::Left => (own.x.checked_sub(other.right())?, overlap(own.y, own.height, other.y, other.height)),
            Direction::Right => (other.x.checked_sub(own.right())?, overlap(own.y, own.height, other.y, other.height)),
            Direction::Up => (own.y.checked_sub(other.bottom())?, overlap(own.x, own.width, other.x, other.width)),
            Direction::Down => (other.y.checked_sub(own.bottom())?, overlap(own.x, own.width, other.x, other.width)),
        };
        (shared > 0 && pane != from).then_some((distance, u16::MAX - shared, pane))
    });
    candidates.min_by_key(|(distance, apart, _)| (*distance, *apart)).map(|(_, _, pane)| pane)
}

fn place(tree: &Tree, area: Rect, focused: &str, boxes: &mut Vec<(PaneName, Rect)>) {
    match tree {
        Tree::Pane(pane) => boxes.push((pane.clone(), area)),
        Tree::Split { axis, branches } => {
            let mut at = area;
            for (branch, size) in branches.iter().zip(sizes(*axis, branches, area, focused)) {
                match axis {
                    Axis::Columns => {
                        place(&branch.tree, Rect { width: size, ..at }, focused, boxes);
                        at.x += size;
                    }
                    Axis::Rows => {
                        place(&branch.tree, Rect { height: size, ..at }, focused, boxes);
                        at.y += size;
                    }
                }
            }
        }
    }
}

/// The size of each branch: its least, then what is left by weight, then the focused one widened at the others' cost.
fn sizes(axis: Axis, branches: &[Branch], area: Rect, focused: &str) -> Vec<u16> {
    let whole = match axis {
        Axis::Columns => area.width,
        Axis::Rows => area.height,
    };
    let leasts: Vec<u16> = branches.iter().map(|branch| least(&branch.tree, axis)).collect();
    let mut sizes = shares(whole, branches, &leasts);
    let wanted = branches.iter().position(|branch| branch.tree.contains(focused));
    if let (Axis::Columns, Some(at)) = (axis, wanted) {
        let others: u16 = leasts.iter().enumerate().filter(|(index, _)| *index != at).map(|(_, least)| *least).sum();
        // Where the focused pane stands in a nested split of columns, its whole branch needs the room.
        let readable = readable(&branches[at].tree, focused).min(whole.saturating_sub(others));
        if sizes[at] < readable {
            let mut leasts = leasts;
            leasts[at] = readable;
            sizes = shares(whole, branches, &leasts);
        }
    }
    sizes
}

/// Shares `whole` by weight so that nobody gets less than its least. `whole` is at least the sum of the leasts.
fn shares(whole: u16, branches: &[Branch], leasts: &[u16]) -> Vec<u16> {
    let mut fixed = vec![false; branches.len()];
    loop {
        let taken: u16 = leasts.iter().zip(&fixed).filter(|(_, fixed)| **fixed).map(|(least, _)| *least).sum();
        let free = u64::from(whole.saturating_sub(taken));
        let open = |fixed: &[bool]| -> u64 {
            branches
                .iter()
                .zip(fixed)
                .filter(|(_, fixed)| !**fixed)
                .map(|(branch, _)| u64::from(branch.weight.max(1)))
                .sum()
        };
        let weights = open(&fixed).max(1);
        let share = |branch: &Branch| (free * u64::from(branch.weight.max(1)) / weights) as u16;
        let short = (0..branches.len()).find(|&at| !fixed[at] && share(&branches[at]) < leasts[at]);
        if let Some(at) = short {
            fixed[at] = true;
            continue;
        }
        let mut sizes: Vec<u16> = branches
            .iter()
            .enumerate()
            .map(|(at, branch)| if fixed[at] { leasts[at] } else { share(branch) })
            .collect();
        let sum: u16 = sizes.iter().sum();
        // The cells that division left over go to the last that may grow.
        let last = (0..sizes.len()).rev().find(|&at| !fixed[at]).unwrap_or(sizes.len() - 1);
        sizes[last] += whole.saturating_sub(sum);
        return sizes;
    }
}

/// The least size of a tree along an axis.
fn least(tree: &Tree, along: Axis) -> u16 {
    match tree {
        Tree::Pane(_) => match along {
            Axis::Columns => LEAST_COLUMNS,
            Axis::Rows => LEAST_ROWS,
        },
        Tree::Split { axis, branches } => {
            let leasts = branches.iter().map(|branch| least(&branch.tree, along));
            if *axis == along { leasts.fold(0, u16::saturating_add) } else { leasts.max().unwrap_or(0) }
        }
    }
}

/// The columns a tree needs for its focused pane to be readable.
fn readable(tree: &Tree, focused: &str) -> u16 {
    match tree {
        Tree::Pane(pane) => {
            if pane == focused {
                READABLE
            } else {
                LEAST_COLUMNS
            }
        }
        Tree::Split { axis, branches } => {
            let each = branches.iter().map(|branch| readable(&branch.tree, focused));
            if *axis == Axis::Columns { each.fold(0, u16::saturating_add) } else { each.max().unwrap_or(0) }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn boxes(tree: &Tree, area: Rect, focused: &str) -> Vec<(PaneName, Rect)> {
        match arrange(tree, area, focused, false) {
            Arrangement::Boxes(boxes) => boxes,
            other => panic!("no boxes but {other:?}"),
        }
    }

    fn three() -> Tree {
        Tree::columns(["a", "b", "c"].map(str::to_owned)).unwrap()
    }

    #[test]
    fn the_focused_pane_is_readable_and_the_others_are_strips() {
        let area = Rect::new(0, 0, 149, 40);
        let widths = |focused| boxes(&three(), area, focused).iter().map(|(_, rect)| rect.width).collect::<Vec<_>>();
        assert_eq!(widths("a"), [72, 38, 39]);
        assert_eq!(widths("c"), [38, 39, 72]);
        let wide = boxes(&three(), Rect::new(0, 0, 300, 40), "a");
        assert_eq!(wide.iter().map(|(_, rect)| rect.width).collect::<Vec<_>>(), [100, 100, 100]);
    }

    #[test]
    fn a_narrow_screen_has_tabs_and_a_tiny_one_a_message() {
        assert_eq!(arrange(&three(), Rect::new(0, 0, 99, 40), "a", false), Arrangement::Tabs);
        assert_eq!(arrange(&three(), Rect::new(0, 0, 20, 5), "a", false), Arrangement::TooSmall);
        let many = Tree::columns((0..20).map(|at| at.to_string())).unwrap();
        assert_eq!(arrange(&many, Rect::new(0, 0, 120, 40), "3", false), Arrangement::Tabs);
    }

    #[test]
    fn a_neighbour_is_the_nearest_that_shares_the_most() {
        let mut tree = three();
        tree.split("b", Axis::Rows, &"d".into());
        let boxes = boxes(&tree, Rect::new(0, 0, 160, 40), "a");
        assert_eq!(neighbour(&boxes, "a", Direction::Right), Some(&"b".to_owned()));
        assert_eq!(neighbour(&boxes, "b", Direction::Down), Some(&"d".to_owned()));
        assert_eq!(neighbour(&boxes, "d", Direction::Right), Some(&"c".to_owned()));
        assert_eq!(neighbour(&boxes, "a", Direction::Left), None);
    }

    /// What can happen to a tree; numbers choose among its panes.
    #[derive(Debug, Clone)]
    enum Step {
        Split(usize, bool),
        Close(usize),
        Grow(usize, u8),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            3 => (any::<usize>(), any::<bool>()).prop_map(|(at, rows)| Step::Split(at, rows)),
            1 => any::<usize>().prop_map(Step::Close),
            2 => (any::<usize>(), 0_u8..4).prop_map(|(at, way)| Step::Grow(at, way)),
        ]
    }

    proptest! {
        #[test]
        fn boxes_tile_the_area_exactly(
            steps in prop::collection::vec(step(), 0..12),
            (width, height) in (20_u16..320, 4_u16..120),
            focus in any::<usize>(),
        ) {
            let mut tree = Tree::Pane("p".into());
            for (count, step) in steps.into_iter().enumerate() {
                let panes: Vec<String> = tree.panes().into_iter().cloned().collect();
                match step {
                    Step::Split(at, rows) => {
                        let axis = if rows { Axis::Rows } else { Axis::Columns };
                        let name = format!("p{count}");
                        prop_assert!(tree.split(&panes[at % panes.len()], axis, &name));
                    }
                    Step::Close(at) if panes.len() > 1 => {
                        tree = tree.without(&panes[at % panes.len()]).unwrap();
                    }
                    Step::Close(_) => {}
                    Step::Grow(at, way) => {
                        let ways = [Direction::Left, Direction::Right, Direction::Up, Direction::Down];
                        tree.grow(&panes[at % panes.len()], ways[usize::from(way)]);
                    }
                }
            }
            let panes: Vec<String> = tree.panes().into_iter().cloned().collect();
            let focused = &panes[focus % panes.len()];
            let area = Rect::new(3, 2, width, height);
            if let Arrangement::Boxes(boxes) = arrange(&tree, area, focused, false) {
                prop_assert_eq!(boxes.iter().map(|(pane, _)| pane.clone()).collect::<Vec<_>>(), panes);
                let mut cells = vec![0_u8; usize::from(width) * usize::from(height)];
                for (pane, rect) in &boxes {
                    prop_assert!(rect.width >= LEAST_COLUMNS && rect.height >= LEAST_ROWS, "{} is {:?}", pane, rect);
                    for position in rect.positions() {
                        cells[usize::from(position.y - 2) * usize::from(width) + usize::from(position.x - 3)] += 1;
                    }
                }
                prop_assert!(cells.iter().all(|times| *times == 1));
            }
        }
    }
}
