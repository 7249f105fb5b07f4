//! The tenant of one test, with its clock, its files and its internet.

use super::super::Held;
use super::answers::{Answering, Answers};
use super::elsewhere::TestWeb;
use super::fake::Faker;
use super::made;
use super::variety::moment_of;
use super::visit::TestVisit;
use crate::catalogue::{Effect, Object, Trigger};
use crate::cli::Global;
use crate::clock::{Clock, Zone};
use crate::command::bounds::Bounds;
use crate::command::demo::Demo;
use crate::command::opener::About;
use crate::command::session::Session;
use crate::command::{Console, Context, source};
use crate::error::{Error, Message};
use crate::files::Place;
use crate::gate::Fields;
use crate::mail::Mail;
use crate::report;
use crate::schedule;
use crate::script::Script;
use crate::script::testing::{ENDING, Stage, Visit};
use crate::settings::job;
use crate::simulator::{Fault, Options, Simulator};
use crate::stop::Stop;
use crate::store::SqliteStore;
use crate::web::Web;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// The tenant of one test.
pub struct TestStage {
    /// The file of tests.
    file: Script,
    root: PathBuf,
    zone: Zone,
    stop: Stop,
    visits: RefCell<Vec<Rc<TestVisit>>>,
    transcript: Rc<RefCell<String>>,
    files: Rc<Place>,
    web: Rc<TestWeb>,
    variables: Rc<RefCell<BTreeMap<String, String>>>,
    answers: Answers,
    store: Arc<SqliteStore>,
    faker: Faker,
    simulator: Arc<Simulator>,
    demo: Demo,
}

/// The zone of days in tests: the project's own, so that they mean the same on every computer.
pub fn zone(context: &Context) -> Zone {
    let profile = context.settings(false).ok().map(|settings| settings.profile);
    let named = profile.filter(|profile| profile.timezone.value.is_some());
    named.and_then(|profile| profile.zone().ok()).unwrap_or_else(|| TimeZone::UTC.into())
}

/// The tenant's clock as scripts see it.
struct TenantClock(Arc<Simulator>);

impl Clock for TenantClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

impl TestStage {
    /// An empty tenant, today at noon.
    pub fn new(file: &Script, root: &Path, zone: Zone, stop: Stop) -> Result<TestStage, Error> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let home = std::env::temp_dir().join(format!("vitally-script-test-{}-{number}", std::process::id()));
        let key = uuid::Uuid::from_u128(fastrand::u128(..)).simple().to_string();
        let now = Some(moment_of(Timestamp::now(), zone.get()));
        let options = Options { key: key.clone(), accounts: 0, rate_limit: None, now, ..Options::default() };
        let started = Simulator::start(options);
        let simulator = started.map_err(|cause| Error::File {
            path: "the tenant of a test".into(),
            doing: "start",
            cause,
        })?;
        let simulator = Arc::new(simulator);
        let demo = Demo::of(Arc::clone(&simulator), key, home.clone());
        let store = Arc::new(SqliteStore::open_in_passing(&home)?);
        let mut files = Place::new(root);
        files.pretend();
        Ok(TestStage {
            file: file.clone(),
            root: root.into(),
            zone,
            stop,
            visits: RefCell::default(),
            transcript: Rc::default(),
            files: Rc::new(files),
            web: Rc::default(),
            variables: Rc::default(),
            answers: Answers::default(),
            store,
            faker: Faker::new(Arc::clone(&simulator)),
            simulator,
            demo,
        })
    }

    /// What the test itself works with.
    pub fn own(&self) -> Result<Rc<dyn Visit>, Error> {
        let visit = self.open(&self.file, BTreeMap::new())?;
        Ok(visit as Rc<dyn Visit>)
    }

    /// What was printed and said by the test and by the scripts it ran.
    pub fn said(&self, own: &dyn Visit) -> String {
        own.said();
        self.visits.borrow().iter().for_each(|visit| drop(visit.said()));
        self.transcript.take()
    }

    fn open(&self, script: &Script, arguments: BTreeMap<String, String>) -> Result<Rc<TestVisit>, Error> {
        let console = Arc::new(Console::keeping(self.stop.clone()));
        let context = Context {
            global: Global { demo: true, ..Global::default() },
            environment: BTreeMap::new(),
            console: Arc::clone(&console),
            stop: self.stop.clone(),
            demo: self.demo.clone(),
            held: Held::default(),
        };
        let given: Vec<(String, String)> = arguments.into_iter().collect();
        let bounds = Bounds { yes: true, ..Bounds::default() };
        let mut session = Session::open_for(&context, bounds, About::script("test", script, &given))?;
        session.shelf.share(Arc::clone(&self.store));
        session.in_no_time();
        let made = session.host(Place::new(&self.root), false)();
        let mut host = Rc::into_inner(made)
            .ok_or_else(|| Error::usage("the run of the test could not begin", "run the test again"))?;
        let variables = Rc::clone(&self.variables);
        host.environment = Box::new(move |name| variables.borrow().get(name).cloned());
        // Without an answer of its own, a question of yes or no is answered with yes.
        host.yes = self.answers.is_empty();
        host.output = Rc::new(Answering { output: host.output, answers: self.answers.clone() });
        host.files = Rc::clone(&self.files);
        host.web = Rc::new(Web::to(Rc::clone(&self.web) as Rc<dyn crate::web::Elsewhere>));
        host.mail = Mail::to(Rc::clone(&self.web) as Rc<dyn crate::mail::Elsewhere>);
        host.clock = Rc::new(TenantClock(Arc::clone(&self.simulator)));
        host.timezone = self.zone.clone();
        let transcript = Rc::clone(&self.transcript);
        Ok(Rc::new(TestVisit { session, host: Rc::new(host), console, transcript }))
    }

    /// Where a script may lie: beside the test, in the folder above, in the project.
    fn folders(&self) -> Vec<PathBuf> {
        let beside = self.file.path.as_deref().and_then(Path::parent).unwrap_or(Path::new("")).to_path_buf();
        let above = beside.parent().map(Path::to_path_buf);
        let mut folders = vec![beside];
        folders.extend(above);
        let root = std::env::current_dir().ok().filter(|here| *here == self.root).map(|_| PathBuf::new());
        folders.push(root.unwrap_or_else(|| self.root.clone()));
        folders
    }
}

impl Stage for TestStage {
    fn script(&self, path: Option<&str>) -> Result<Script, Message> {
        let own = self.file.path.as_deref().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
        let name = match path {
            Some(path) => path.to_string(),
            None => format!("{}.rhai", own.strip_suffix(ENDING).unwrap_or(&own)),
        };
        let found = self.folders().into_iter().map(|folder| folder.join(&name)).find(|path| path.is_file());
        let found = found.ok_or_else(|| {
            Message::new(
                format!(
                    "there is no script {name} beside the tests, in the folder above them or in the project"
                ),
                "name the script: run_script(\"renewals.rhai\")",
            )
        })?;
        source::script(&found, &self.root).map_err(|error| report::message(&error))
    }

    fn visit(&self, script: &Script, arguments: BTreeMap<String, String>) -> Result<Rc<dyn Visit>, Error> {
        let visit = self.open(script, arguments)?;
        self.visits.borrow_mut().push(Rc::clone(&visit));
        Ok(visit)
    }

    fn next_tick(&self, script: &Script) -> Option<Timestamp> {
        let path = script.path.clone().unwrap_or_else(|| PathBuf::from(&script.name));
        let job = job::of_script(&path, &script.text).ok().flatten()?;
        let zone = job.timezone.and_then(|name| schedule::zone::named(&name).ok());
        job.schedule.next(self.now(), zone.as_ref().unwrap_or(self.zone.get()))
    }

    fn words(&self, error: &Error) -> (String, Message) {
        (report::kind_and_message(error).0, report::message(error))
    }

    fn make(&self, object: &'static Object, fields: Fields) -> Result<Value, Message> {
        self.faker.make(object, fields)
    }

    fn change(&self, object: &'static Object, id: &str, fields: Fields) -> Result<Value, Message> {
        self.faker.change(object, id, fields)
    }

    fn happen(
        &self,
        object: &'static Object,
        trigger: &'static Trigger,
        id: &str,
        fields: Fields,
    ) -> Result<Value, Message> {
        self.faker.happen(object, trigger, id, fields)
    }

    fn changes(&self, effect: Effect) -> Result<Vec<(&'static Object, Value)>, Message> {
        made::changes(&*self.store, &self.faker, &self.file.name, effect)
    }

    fn sent(&self) -> Vec<Value> {
        self.web.sent()
    }

    fn answer(&self, url: &str, status: u16, body: &str) {
        self.web.order(url, status, body);
    }

    fn answer_next(&self, text: &str) {
        self.answers.add(text);
    }

    fn set_variable(&self, name: &str, value: &str) {
        self.variables.borrow_mut().insert(name.into(), value.into());
    }

    fn now(&self) -> Timestamp {
        self.simulator.now()
    }

    fn set_now(&self, now: Timestamp) {
        self.simulator.set_now(now);
    }

    fn fill(&self, accounts: usize, seed: u64) -> Result<(), Message> {
        self.simulator.refill(accounts, seed);
        Ok(())
    }

    fn fail(&self, method: &str, path: Option<&str>, status: u16, times: u32) {
        let fault = Fault::status(status).method(method).times(times);
        self.simulator.fail(path.map_or(fault.clone(), |path| fault.path(path)));
    }
}
