//! The thread of a dialogue. Nothing but plain data goes in and comes out.

use super::super::host::Host;
use super::super::limits;
use super::Dialogue;
use crate::error::Error;
use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::mpsc::{self, Sender};
use std::thread::{Builder, JoinHandle};

type Job = Box<dyn FnOnce(&mut Dialogue) + Send>;

/// A dialogue on its own thread with a deep stack; it ends with this handle.
pub struct Thread {
    jobs: RefCell<Option<Sender<Job>>>,
    handle: RefCell<Option<JoinHandle<()>>>,
}

impl Thread {
    /// Starts it.
    pub fn start(
        root: PathBuf,
        page: usize,
        host: impl FnOnce() -> Rc<Host> + Send + 'static,
    ) -> Result<Thread, Error> {
        let (jobs, received) = mpsc::channel::<Job>();
        let run = move || {
            let mut dialogue = Dialogue::new(host(), root, page);
            for job in received {
                job(&mut dialogue);
                // Whoever asked has been told, and shows it meanwhile.
                dialogue.settle();
            }
        };
        let handle = Builder::new().name("script".into()).stack_size(limits::STACK).spawn(run);
        let handle = handle.map_err(|cause| {
            Error::usage(
                format!("the system gave no thread to run scripts on: {cause}"),
                "close other programs and try again",
            )
        })?;
        Ok(Thread { jobs: RefCell::new(Some(jobs)), handle: RefCell::new(Some(handle)) })
    }

    /// Does something with the dialogue, and waits for it.
    pub fn with<R: Send + 'static>(&self, job: impl FnOnce(&mut Dialogue) -> R + Send + 'static) -> R {
        let (tell, told) = mpsc::channel();
        let job: Job = Box::new(move |dialogue| {
            // Whoever asked is still waiting.
            let _ = tell.send(job(dialogue));
        });
        let sent = self.jobs.borrow().as_ref().is_some_and(|jobs| jobs.send(job).is_ok());
        match told.recv() {
            Ok(answer) if sent => answer,
            _ => self.broken(),
        }
    }

    /// The same for other threads, as long as this one lives.
    pub fn line(&self) -> Option<Line> {
        self.jobs.borrow().as_ref().map(|jobs| Line(jobs.clone()))
    }

    /// The thread panicked: so does whoever asked it for something.
    fn broken(&self) -> ! {
        self.jobs.replace(None);
        match self.handle.replace(None).map(JoinHandle::join) {
            Some(Err(panic)) => std::panic::resume_unwind(panic),
            _ => unreachable!("a dialogue's thread lives as long as somebody can ask it"),
        }
    }
}

/// Reaches a dialogue from another thread. It must be gone before the dialogue can end.
#[derive(Clone)]
pub struct Line(Sender<Job>);

impl Line {
    /// Does something with the dialogue, and waits for it; `None` if it has ended.
    pub fn with<R: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Dialogue) -> R + Send + 'static,
    ) -> Option<R> {
        let (tell, told) = mpsc::channel();
        let job: Job = Box::new(move |dialogue| {
            // Whoever asked is still waiting.
            let _ = tell.send(job(dialogue));
        });
        self.0.send(job).ok()?;
        told.recv().ok()
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.jobs.replace(None);
        if let Some(handle) = self.handle.replace(None) {
            // Whoever asked last has been told of a panic.
            let _ = handle.join();
        }
    }
}
