//! The key lists that objects of the same shape share.

use super::Span;

/// The finished key lists of a page.
#[derive(Default)]
pub struct Shapes {
    keys: Vec<Span>,
    /// Where each shape's keys begin in `keys`, and one end more.
    starts: Vec<u32>,
}

impl Shapes {
    pub fn keys(&self, shape: u32) -> &[Span] {
        let bound = |index: usize| self.starts.get(index).map_or(0, |start| *start as usize);
        let shape = shape as usize;
        self.keys.get(bound(shape)..bound(shape + 1)).unwrap_or_default()
    }
}

/// How many siblings are looked at before a new branch is made.
const PATIENCE: usize = 8;

const NONE: u32 = u32::MAX;

/// The keys of the objects being read, as a tree: a path from the root is a list of keys. The branch taken last is
/// tried first, so a page of like records costs one comparison a key.
pub struct Paths {
    steps: Vec<Step>,
    shapes: Shapes,
}

struct Step {
    key: Span,
    parent: u32,
    /// The child that was taken last.
    recent: u32,
    sibling: u32,
    /// The finished shape that ends here.
    shape: u32,
}

impl Paths {
    pub const ROOT: u32 = 0;

    pub fn new() -> Paths {
        let root = Step {
            key: Span { start: 0, length: 0 },
            parent: NONE,
            recent: NONE,
            sibling: NONE,
            shape: NONE,
        };
        Paths { steps: vec![root], shapes: Shapes { keys: Vec::new(), starts: vec![0] } }
    }

    /// The known step from `at` along a key, if there is one; `is` tells whether a span is that key.
    pub fn follow(&mut self, at: u32, is: impl Fn(Span) -> bool) -> Option<u32> {
        let first = self.steps[at as usize].recent;
        let mut child = first;
        for _ in 0..PATIENCE {
            if child == NONE {
                return None;
            }
            if is(self.steps[child as usize].key) {
                return Some(child);
            }
            child = self.steps[child as usize].sibling;
        }
        None
    }

    /// The step that was made from `at` last.
    #[inline]
    pub fn recent(&self, at: u32) -> Option<u32> {
        Some(self.steps[at as usize].recent).filter(|step| *step != NONE)
    }

    /// The key that a step goes along.
    #[inline]
    pub fn key(&self, step: u32) -> Span {
        self.steps[step as usize].key
    }

    /// A new step from `at` along a key.
    pub fn add(&mut self, at: u32, key: Span) -> u32 {
        let step = u32::try_from(self.steps.len()).unwrap_or(NONE);
        let sibling = std::mem::replace(&mut self.steps[at as usize].recent, step);
        self.steps.push(Step { key, parent: at, recent: NONE, sibling, shape: NONE });
        step
    }

    /// The keys on the way to `at`, last first.
    pub fn back(&self, at: u32) -> impl Iterator<Item = Span> {
        let mut at = at;
        std::iter::from_fn(move || {
            let step = &self.steps[at as usize];
            if step.parent == NONE {
                return None;
            }
            at = step.parent;
            Some(step.key)
        })
    }

    /// The finished shape of an object whose keys end at `at`.
    pub fn shape(&mut self, at: u32) -> u32 {
        if self.steps[at as usize].shape == NONE {
            let shape = u32::try_from(self.shapes.starts.len() - 1).unwrap_or(NONE);
            let mut keys: Vec<Span> = self.back(at).collect();
            keys.reverse();
            self.shapes.keys.extend(keys);
            self.shapes.starts.push(u32::try_from(self.shapes.keys.len()).unwrap_or(NONE));
            self.steps[at as usize].shape = shape;
        }
        self.steps[at as usize].shape
    }

    pub fn into_shapes(mut self) -> Shapes {
        self.shapes.keys.shrink_to_fit();
        self.shapes.starts.shrink_to_fit();
        self.shapes
    }
}
