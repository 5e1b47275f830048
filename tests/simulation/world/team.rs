//! A team that has just come together, and how devices come in.

use super::*;

/// A team that has just come together, to begin histories with.
pub(super) struct Template {
    pub(super) books: Vec<Saved>,
    pub(super) identities: Vec<Vec<u8>>,
    pub(super) cloud: std::sync::Mutex<Cloud>,
}

pub(super) fn engine<'a>(
    store: &'a mut Store,
    files: Arc<dyn Files>,
    place: &Path,
    name: &str,
    now: i64,
) -> Result<Engine<'a>, SyncError> {
    let keyring = Keyring::load(&*files, Path::new(KEYS))?.unwrap();
    let me = Me { device: store.device(), author: name.to_owned(), name: name.to_owned() };
    let (remote, format) = remote::open(files.clone(), place, me.device)?;
    assert_eq!(format.book, BOOK);
    let trust = Trust::with(keyring)?;
    Ok(Engine { store, trust, remote, files, keyring: KEYS.into(), me, now })
}

/// Lets a device in that has a new book; whoever invites has the first one's files.
pub(super) fn join(
    (inviter, theirs): (&mut Store, Arc<Memory>),
    (store, files): (&mut Store, Arc<Memory>),
    cloud: &mut Cloud,
    at: usize,
    place: &Path,
    name: &str,
    now: i64,
) -> Result<(), SyncError> {
    let mut first = engine(inviter, theirs, place, "device 0", now)?;
    let names = first.remote.list()?;
    first.take_trust(&names, &mut Outcome::default())?;
    // Whoever has a clock that is years ahead takes back what is over.
    let offer = Offer { role: Role::Writer, name: name.to_owned(), expires: START + 30_000 * DAY };
    let (code, puts) = first.trust.invite(&offer, now)?;
    first.publish(&puts)?;
    first.remote.flush()?;
    drop(first);
    while cloud.step_up(0) {}
    while cloud.step(at) {}
    let me = Me { device: store.device(), author: name.to_owned(), name: name.to_owned() };
    let files: Arc<dyn Files> = files;
    let (mut remote, format) = remote::open(files.clone(), place, me.device)?;
    let mut found = Vec::new();
    for name in remote.list()? {
        if matches!(name, Name::Key(_) | Name::Statement { .. } | Name::Join { .. })
            && let Ok(bytes) = remote.get(&name)
        {
            found.push((name, bytes));
        }
    }
    let (mut trust, puts) = Trust::join(format.book, &code, &found, &me, now)?;
    trust.keyring.place = place.display().to_string();
    let mut engine = Engine { store, trust, remote, files, keyring: KEYS.into(), me, now };
    engine.publish(&puts)?;
    engine.remote.flush()
}

impl Template {
    pub(super) fn of(file: bool) -> &'static Self {
        static BOTH: [OnceLock<Template>; 2] = [OnceLock::new(), OnceLock::new()];
        BOTH[usize::from(file)].get_or_init(|| Self::make(&place(file)))
    }

    fn make(place: &Path) -> Self {
        // Made by whichever thread comes first, and for all alike.
        luck::seed(Some(0));
        let bug = rolo::model::sabotage::switch(None);
        let home = quick_folder();
        let mut cloud = Cloud::new(REPLICAS, 1, Faults::default()).within(Path::new(ROOT));
        let mut stores: Vec<Store> = (0..REPLICAS)
            .map(|at| {
                let folder = home.path().join(at.to_string());
                let entropy = Entropy::seeded(1_000_000 * (at as u64 + 1));
                Store::join(&folder.join("book.rolo"), &folder.join("state"), clock(START), entropy, BOOK)
                    .unwrap()
            })
            .collect();
        {
            let store = &mut stores[0];
            let me = Me { device: store.device(), author: "device 0".into(), name: "device 0".into() };
            let files: Arc<dyn Files> = cloud.files(0);
            let remote = remote::create(files.clone(), place, me.device, BOOK).unwrap();
            let (mut trust, puts) = Trust::found(BOOK, &me, START).unwrap();
            trust.keyring.place = place.display().to_string();
            let mut engine = Engine { store, trust, remote, files, keyring: KEYS.into(), me, now: START };
            engine.publish(&puts).unwrap();
            engine.remote.flush().unwrap();
        }
        let (first, others) = stores.split_at_mut(1);
        for (at, store) in (1..).zip(others) {
            let (theirs, files) = (cloud.files(0), cloud.files(at));
            let name = format!("device {at}");
            join((&mut first[0], theirs), (store, files), &mut cloud, at, place, &name, START).unwrap();
            cloud.settle();
        }
        for _ in 0..3 {
            for (at, store) in stores.iter_mut().enumerate() {
                let name = format!("device {at}");
                engine(store, cloud.files(at), place, &name, START).unwrap().sync().unwrap();
                cloud.settle();
            }
        }
        let identity = |store: &Store, at: usize| {
            let folder = home.path().join(at.to_string());
            std::fs::read(rolo::store::device::file(store.path(), &folder.join("state"), &BOOK)).unwrap()
        };
        let identities = stores.iter().enumerate().map(|(at, store)| identity(store, at)).collect();
        let paths: Vec<PathBuf> = stores.iter().map(|store| store.path().to_owned()).collect();
        // The last one to close a book leaves one file.
        drop(stores);
        let saved = |path: PathBuf| Saved { book: std::fs::read(path).unwrap(), wal: Vec::new() };
        let books = paths.into_iter().map(saved).collect();
        rolo::model::sabotage::switch(bug);
        Self { books, identities, cloud: std::sync::Mutex::new(cloud) }
    }
}
