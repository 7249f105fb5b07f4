//! Group commit: whoever comes first writes for all who wait, in one transaction with one sync of the disk.

use super::StoreError;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::collections::VecDeque;
use std::mem;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Why a job did not get done.
pub(super) enum Trouble {
    /// The job itself makes no sense; the others go on without it.
    Mistake(String),
    /// The file could not be written; nobody goes on.
    File(rusqlite::Error),
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Trouble {
        Trouble::File(error)
    }
}

/// What a job answers: an id, if it has one to tell.
pub(super) type Answer = Option<String>;
type Job = Box<dyn FnOnce(&Connection) -> Result<Answer, Trouble> + Send>;

/// A caller who waits.
struct Waiting {
    doing: &'static str,
    job: Job,
    seat: Arc<Seat>,
}

/// Where a caller waits for its turn or its answer.
#[derive(Default)]
struct Seat {
    news: Mutex<Option<News>>,
    rung: Condvar,
}

enum News {
    /// Nobody writes any more: write for everybody who waits.
    Lead,
    /// It is done, or not.
    Ended(Result<Answer, StoreError>),
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Waiting>,
    /// Whether somebody is writing.
    led: bool,
}

/// The one connection that writes, and the queue before it.
pub(super) struct Commits {
    path: PathBuf,
    connection: Mutex<Connection>,
    queue: Mutex<Queue>,
}

impl Commits {
    pub fn new(path: PathBuf, connection: Connection) -> Commits {
        Commits { path, connection: Mutex::new(connection), queue: Mutex::default() }
    }

    /// Does a job, together with all others that wait; durable when it returns.
    pub fn submit(
        &self,
        doing: &'static str,
        job: impl FnOnce(&Connection) -> Result<Answer, Trouble> + Send + 'static,
    ) -> Result<Answer, StoreError> {
        let seat = Arc::new(Seat::default());
        let mut queue = held(&self.queue);
        queue.waiting.push_back(Waiting { doing, job: Box::new(job), seat: Arc::clone(&seat) });
        let first = !mem::replace(&mut queue.led, true);
        drop(queue);
        if first {
            self.lead();
        }
        loop {
            match seat.wait() {
                News::Lead => self.lead(),
                News::Ended(answer) => return answer,
            }
        }
    }

    /// Writes for everybody who waits, then lets the next one lead.
    fn lead(&self) {
        let batch = mem::take(&mut held(&self.queue).waiting);
        self.write(batch);
        let mut queue = held(&self.queue);
        match queue.waiting.front() {
            Some(next) => next.seat.tell(News::Lead),
            None => queue.led = false,
        }
    }

    fn write(&self, batch: VecDeque<Waiting>) {
        let (jobs, callers): (Vec<_>, Vec<_>) =
            batch.into_iter().map(|waiting| (waiting.job, (waiting.doing, waiting.seat))).unzip();
        match transact(&mut held(&self.connection), jobs) {
            Ok(answers) => {
                for ((doing, seat), answer) in callers.into_iter().zip(answers) {
                    let answer = answer.map_err(|reason| StoreError::Failed { doing, reason });
                    seat.tell(News::Ended(answer));
                }
            }
            Err(error) => {
                for (doing, seat) in callers {
                    seat.tell(News::Ended(Err(StoreError::said(&self.path, doing, &error))));
                }
            }
        }
    }
}

/// Does all jobs in one transaction, or none; a job that makes no sense is left out. Whatever is dropped before its
/// commit is rolled back.
fn transact(
    connection: &mut Connection,
    mut jobs: Vec<Job>,
) -> Result<Vec<Result<Answer, String>>, rusqlite::Error> {
    let mut transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if jobs.len() == 1
        && let Some(job) = jobs.pop()
    {
        return alone(transaction, job).map(|answer| vec![answer]);
    }
    let mut answers = Vec::with_capacity(jobs.len());
    for job in jobs {
        let savepoint = transaction.savepoint()?;
        answers.push(match job(&savepoint) {
            Ok(answer) => {
                savepoint.commit()?;
                Ok(answer)
            }
            Err(Trouble::Mistake(reason)) => Err(reason),
            Err(Trouble::File(error)) => return Err(error),
        });
    }
    transaction.commit()?;
    Ok(answers)
}

/// A job by itself needs no savepoint, which would keep a copy of everything that it changes.
fn alone(transaction: Transaction, job: Job) -> Result<Result<Answer, String>, rusqlite::Error> {
    match job(&transaction) {
        Ok(answer) => {
            transaction.commit()?;
            Ok(Ok(answer))
        }
        Err(Trouble::Mistake(reason)) => Ok(Err(reason)),
        Err(Trouble::File(error)) => Err(error),
    }
}

impl Seat {
    fn wait(&self) -> News {
        let mut news = held(&self.news);
        loop {
            if let Some(news) = news.take() {
                return news;
            }
            news = self.rung.wait(news).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn tell(&self, news: News) {
        *held(&self.news) = Some(news);
        self.rung.notify_one();
    }
}

/// What is guarded stays whole even if somebody panicked with it: every change of it is one step.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
