//! The index that answers "whose host is this": a tree of labels from the top-level domain down.
//!
//! Takes patterns with the number of their tool, gives the number of the tool whose pattern is the longest that fits. One walk down the tree;
//! no allocation and no regular expression per lookup. Host names from outside may be anything; what is no host name fits nothing.

use super::OnHost;
use super::pattern::{Glob, PathRule, Pattern, Segments};
use std::cmp::Ordering;

/// What stands at a node for the whole host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// The tool's number.
    Tool(usize),
    /// The tool's number; its connections are never intercepted.
    Tunnelled(usize),
    /// Taken out of a wider pattern.
    Excepted,
}

#[derive(Debug, Default)]
struct Node {
    /// Sorted by label.
    literal: Vec<(Box<str>, usize)>,
    globs: Vec<(Glob, usize)>,
    whole: Option<Target>,
    paths: Vec<(PathRule, Target)>,
}

/// A tree of labels; node 0 is the root.
#[derive(Debug)]
pub(super) struct Index {
    nodes: Vec<Node>,
}

/// How specific a match is: labels, then labels without `*`.
type Rank = (usize, usize);

impl Index {
    pub fn new() -> Self {
        Self { nodes: vec![Node::default()] }
    }

    /// Adds one pattern. Of two equal patterns the first stays; callers report duplicates.
    pub fn add(&mut self, pattern: Pattern, target: Target) {
        let mut at = 0;
        for label in pattern.labels {
            at = self.child(at, label);
        }
        let Some(node) = self.nodes.get_mut(at) else { return };
        match pattern.path {
            PathRule::Whole => _ = node.whole.get_or_insert(target),
            path => node.paths.push((path, target)),
        }
    }

    fn child(&mut self, at: usize, label: Glob) -> usize {
        let next = self.nodes.len();
        let Some(node) = self.nodes.get_mut(at) else { return at };
        let found = match label.literal() {
            Some(text) => match node.literal.binary_search_by(|(known, _)| (**known).cmp(text)) {
                Ok(place) => node.literal[place].1,
                Err(place) => {
                    node.literal.insert(place, (text.into(), next));
                    next
                }
            },
            None => match node.globs.iter().find(|(known, _)| *known == label) {
                Some((_, child)) => *child,
                None => {
                    node.globs.push((label, next));
                    next
                }
            },
        };
        if found == next {
            self.nodes.push(Node::default());
        }
        found
    }

    /// The tool of `host` and `path`.
    pub fn lookup(&self, host: &str, path: &str) -> Option<usize> {
        let segments = Segments::of(path);
        let mut best: Option<(Rank, Target)> = None;
        self.walk(0, name(host), (0, 0), &mut |node, rank| {
            if best.is_some_and(|(known, _)| known >= rank) {
                return;
            }
            let by_path =
                node.paths.iter().filter_map(|(rule, target)| Some((rule.fits(&segments)?, *target))).max_by_key(|(length, _)| *length);
            if let Some(target) = by_path.map(|(_, target)| target).or(node.whole) {
                best = Some((rank, target));
            }
        });
        match best?.1 {
            Target::Tool(tool) | Target::Tunnelled(tool) => Some(tool),
            Target::Excepted => None,
        }
    }

    /// Whether connections to `host` are to be intercepted.
    pub fn on_host(&self, host: &str) -> OnHost {
        let mut whole: Option<(Rank, Target)> = None;
        let mut paths: Option<Rank> = None;
        self.walk(0, name(host), (0, 0), &mut |node, rank| {
            if let Some(target) = node.whole.filter(|_| whole.is_none_or(|(known, _)| known < rank)) {
                whole = Some((rank, target));
            }
            if node.paths.iter().any(|(_, target)| matches!(target, Target::Tool(_))) {
                paths = paths.max(Some(rank));
            }
        });
        match (whole, paths) {
            (Some((_, Target::Tool(_))), _) => OnHost::Whole,
            (Some((rank, _)), Some(path)) if path >= rank => OnHost::Paths,
            (None, Some(_)) => OnHost::Paths,
            _ => OnHost::None,
        }
    }

    /// Every tool that has some pattern on `host`, most specific last.
    pub fn tools_on(&self, host: &str) -> Vec<usize> {
        let mut found: Vec<(Rank, Target)> = Vec::new();
        self.walk(0, name(host), (0, 0), &mut |node, rank| {
            found.extend(node.whole.iter().chain(node.paths.iter().map(|(_, target)| target)).map(|t| (rank, *t)))
        });
        found.sort_by_key(|(rank, _)| *rank);
        // A host as a whole takes over from wider patterns.
        let from = found.iter().rposition(|(_, target)| *target == Target::Excepted).map_or(0, |place| place + 1);
        let mut tools = Vec::new();
        for (_, target) in found.drain(from..) {
            if let Target::Tool(tool) | Target::Tunnelled(tool) = target
                && !tools.contains(&tool)
            {
                tools.push(tool);
            }
        }
        tools
    }

    /// Visits every node that covers the rest of the host name.
    fn walk(&self, at: usize, rest: &str, rank: Rank, visit: &mut impl FnMut(&Node, Rank)) {
        let Some(node) = self.nodes.get(at) else { return };
        if node.whole.is_some() || !node.paths.is_empty() {
            visit(node, rank);
        }
        if rest.is_empty() {
            return;
        }
        let (above, label) = rest.rsplit_once('.').unwrap_or(("", rest));
        if let Ok(place) = node.literal.binary_search_by(|(known, _)| compare(known.as_bytes(), label.as_bytes())) {
            self.walk(node.literal[place].1, above, (rank.0 + 1, rank.1 + 1), visit);
        }
        for (glob, child) in &node.globs {
            if glob.fits(label.as_bytes()) {
                self.walk(*child, above, (rank.0 + 1, rank.1), visit);
            }
        }
    }
}

/// The name without the root's dot.
fn name(host: &str) -> &str {
    host.strip_suffix('.').unwrap_or(host)
}

/// Order of two labels, ignoring the case of ASCII letters; the first is lower-case.
fn compare(known: &[u8], label: &[u8]) -> Ordering {
    known.iter().copied().cmp(label.iter().map(u8::to_ascii_lowercase))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(entries: &[(&str, Target)]) -> Index {
        let mut index = Index::new();
        for (text, target) in entries {
            index.add(Pattern::parse(text).unwrap(), *target);
        }
        index
    }

    #[test]
    fn the_longest_match_wins_and_a_literal_label_goes_before_a_star() {
        use Target::Tool;
        let index = index(&[
            ("x.com", Tool(0)),
            ("*.x.com", Tool(1)),
            ("a.x.com", Tool(2)),
            ("*.a.x.com", Tool(3)),
            ("b.*.x.com", Tool(4)),
            ("x.com/p", Tool(5)),
            ("x.com/p/q", Tool(6)),
        ]);
        for (host, path, tool) in [
            ("x.com", "/", 0),
            ("x.com.", "/", 0),
            ("X.Com", "/", 0),
            ("z.x.com", "/p", 1),
            ("a.x.com", "/", 2),
            ("c.a.x.com", "/", 3),
            ("b.a.x.com", "/", 3),
            ("b.c.x.com", "/", 4),
            ("q.b.c.x.com", "/", 4),
            ("x.com", "/p", 5),
            ("x.com", "/p/q/r", 6),
        ] {
            assert_eq!(index.lookup(host, path), Some(tool), "{host}{path}");
        }
        for host in ["com", "", ".", "ax.com", "x.com.evil.example", "x.co", "..", "x..com"] {
            assert_eq!(index.lookup(host, "/"), None, "{host}");
        }
    }

    #[test]
    fn what_is_excepted_is_tunnelled_and_a_path_falls_back_to_the_wider_host() {
        use Target::{Excepted, Tool, Tunnelled};
        let index = index(&[
            ("x.com", Tool(0)),
            ("cdn*.x.com", Excepted),
            ("a.x.com/p", Tool(1)),
            ("y.com/p", Tool(2)),
            ("z.com", Tunnelled(3)),
            ("ai.z.com", Tool(4)),
        ]);
        assert_eq!((index.lookup("cdn-1.x.com", "/"), index.on_host("cdn-1.x.com")), (None, OnHost::None));
        assert_eq!(
            (index.lookup("a.x.com", "/q"), index.lookup("a.x.com", "/p"), index.on_host("a.x.com")),
            (Some(0), Some(1), OnHost::Whole)
        );
        assert_eq!((index.lookup("y.com", "/q"), index.lookup("y.com", "/p/1"), index.on_host("y.com")), (None, Some(2), OnHost::Paths));
        assert_eq!((index.lookup("z.com", "/"), index.on_host("z.com"), index.on_host("ai.z.com")), (Some(3), OnHost::None, OnHost::Whole));
        assert_eq!(index.tools_on("cdn-1.x.com"), Vec::<usize>::new());
        assert_eq!(index.tools_on("a.x.com"), [0, 1]);
    }
}
