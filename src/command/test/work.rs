//! Runs tests side by side: a file is read by whoever comes first, who then puts its other tests before everybody.

use super::stage::TestStage;
use crate::cli::Test as Options;
use crate::clock::Zone;
use crate::command::{Context, source};
use crate::error::{Error, Message, Place};
use crate::script::testing::{self, Case};
use crate::script::{Script, limits};
use crate::stop::{Reason, Stop};
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A test's script runs in that of the test, on the same thread.
const STACK: usize = limits::STACK;

/// One test that was run.
pub struct Test {
    /// The file it stands in.
    pub file: String,
    /// Its place among the tests of the file.
    pub number: usize,
    /// Its name; that of the file if the file itself cannot be run.
    pub name: String,
    /// Where it stands.
    pub place: Option<Place>,
    /// How long it took.
    pub took: Duration,
    /// What went wrong.
    pub failure: Option<Failure>,
}

/// What went wrong in a test.
pub struct Failure {
    /// The error.
    pub error: Error,
    /// What its scripts printed and said.
    pub said: String,
}

/// One test to be run; which one is known once its file was read.
struct Task {
    script: Arc<Script>,
    number: Option<usize>,
}

/// How often the time of tests that run is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// A test that runs: what stops it, and when it must have ended.
type Running = (Stop, Instant);

#[derive(Default)]
struct Queue {
    tasks: VecDeque<Task>,
    busy: usize,
    /// What every thread is busy with.
    running: Vec<Option<Running>>,
    tests: Vec<Test>,
}

/// What the threads share.
struct Shop {
    queue: Mutex<Queue>,
    bell: Condvar,
    stop: Stop,
    /// How long one test may take.
    longest: Duration,
}

impl Shop {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next task; `None` when all is done. A task that somebody is busy with may bring more.
    fn next(&self) -> Option<Task> {
        let mut queue = self.queue();
        loop {
            if self.stop.is_set() {
                return None;
            }
            if let Some(task) = queue.tasks.pop_front() {
                queue.busy += 1;
                return Some(task);
            }
            if queue.busy == 0 {
                return None;
            }
            queue = self.bell.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Shop {
    /// Stops tests that take too long, and all of them if that is wished, until the work is done.
    fn watch(&self) {
        let mut queue = self.queue();
        while queue.busy > 0 || !(queue.tasks.is_empty() || self.stop.is_set()) {
            let now = Instant::now();
            for (stop, until) in queue.running.iter().flatten() {
                match self.stop.reason() {
                    Some(reason) => stop.set(reason),
                    None if *until <= now => stop.set(Reason::TimedOut),
                    None => {}
                }
            }
            let waited = self.bell.wait_timeout(queue, LOOK);
            queue = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Begins a test on one of the threads; answers what stops it.
    fn begin(&self, thread: usize) -> Stop {
        let stop = Stop::new();
        let until = Instant::now().checked_add(self.longest).unwrap_or_else(|| Instant::now() + LOOK);
        if let Some(slot) = self.queue().running.get_mut(thread) {
            *slot = Some((stop.clone(), until));
        }
        stop
    }
}

/// Runs all tests of some files, or those whose names contain a text, in the order of the files.
pub fn all(context: &Context, files: &[PathBuf], options: &Options) -> Result<Vec<Test>, Error> {
    let wanted = options.name.as_deref();
    let root = context.sources(false)?.root();
    let read = |path: &PathBuf| -> Result<Task, Error> {
        Ok(Task { script: Arc::new(source::script(path, &root)?), number: None })
    };
    let tasks = files.iter().map(read).collect::<Result<_, _>>()?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let queue = Mutex::new(Queue { tasks, running: vec![None; threads], ..Queue::default() });
    let shop = Shop { queue, bell: Condvar::new(), stop: context.stop.clone(), longest: options.timeout };
    let zone = super::stage::zone(context);
    std::thread::scope(|scope| {
        for number in 0..threads {
            let (shop, root, zone) = (&shop, &root, &zone);
            let thread = std::thread::Builder::new().name("test".into()).stack_size(STACK);
            let started = thread.spawn_scoped(scope, move || {
                while let Some(task) = shop.next() {
                    let end = shop.begin(number);
                    let done = one(shop, &task, &end, (root, zone.clone()), wanted);
                    let mut queue = shop.queue();
                    queue.tests.extend(done);
                    queue.busy -= 1;
                    queue.running[number] = None;
                    shop.bell.notify_all();
                }
            });
            started.map_err(|cause| {
                Error::usage(format!("the system gave no thread to test on: {cause}"), "close other programs")
            })?;
        }
        shop.watch();
        Ok::<(), Error>(())
    })?;
    let mut tests = std::mem::take(&mut shop.queue().tests);
    tests.sort_by(|one, two| (&one.file, one.number).cmp(&(&two.file, two.number)));
    Ok(tests)
}

/// Runs one test, and puts the others of its file into the queue if it is the first.
fn one(shop: &Shop, task: &Task, end: &Stop, place: (&Path, Zone), wanted: Option<&str>) -> Option<Test> {
    let script = &task.script;
    let started = Instant::now();
    let named = |name: &str| wanted.is_none_or(|text| name.to_lowercase().contains(&text.to_lowercase()));
    let mut chosen: Option<(usize, String, Option<Place>)> = None;
    let mut choose = |cases: &[Case]| {
        let number = task.number.or_else(|| {
            let mut all = cases.iter().enumerate().filter(|(_, case)| named(&case.name));
            let first = all.next().map(|(number, _)| number);
            let others = all.map(|(number, _)| Task { script: Arc::clone(script), number: Some(number) });
            shop.queue().tasks.extend(others);
            shop.bell.notify_all();
            first
        })?;
        let case = cases.get(number)?;
        chosen = Some((number, case.name.clone(), case.place.clone()));
        Some(number)
    };
    let (result, said) = staged(end, script, place, &mut choose);
    if shop.stop.is_set() {
        return None;
    }
    let result = if end.is_set() { Err(too_long(shop.longest)) } else { result };
    let failure = |error| Failure { error, said };
    let (number, name, place) = chosen.unwrap_or_else(|| (0, script.name.clone(), None));
    let failure = match result {
        Ok(None) if wanted.is_some() => return None,
        Ok(None) => Some(failure(no_tests(script))),
        Ok(Some(ran)) => ran.error.map(failure),
        Err(error) => Some(failure(error)),
    };
    Some(Test { file: script.name.clone(), number, name, place, took: started.elapsed(), failure })
}

fn staged(
    stop: &Stop,
    script: &Script,
    (root, zone): (&Path, Zone),
    choose: &mut dyn FnMut(&[Case]) -> Option<usize>,
) -> (Result<Option<testing::Ran>, Error>, String) {
    let stage = match TestStage::new(script, root, zone, stop.clone()) {
        Ok(stage) => Rc::new(stage),
        Err(error) => return (Err(error), String::new()),
    };
    let own = match stage.own() {
        Ok(own) => own,
        Err(error) => return (Err(error), String::new()),
    };
    let result = testing::run(script, &own.host(), Rc::clone(&stage) as Rc<dyn testing::Stage>, choose);
    (result, stage.said(&*own))
}

fn too_long(longest: Duration) -> Error {
    Error::Usage(Message::new(
        format!("the test had not ended after {} s", longest.as_secs()),
        "look for a loop that does not end; --timeout 5m gives every test longer",
    ))
}

fn no_tests(script: &Script) -> Error {
    Error::Usage(Message::new(
        format!("there is no test in {}", script.name),
        "write one: test(\"…\", || { … })",
    ))
}
