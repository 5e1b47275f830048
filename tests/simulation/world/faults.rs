//! What breaks: disks, clouds, back-ups, machines that stop in the middle.

use super::team::join;
use super::*;

impl World {
    /// Crashes at a step of a sync, or at an earlier one if there is so little to do.
    pub(super) fn crash_somewhere(&mut self, who: usize, step: u64, at: At, power: bool) {
        let mut steps = std::iter::successors(Some(step), |step| (*step > 0).then_some(step / 2));
        while let Some(step) = steps.next()
            && !self.crash(who, Crashing::new(self.cloud.files(who), step, at), power)
        {}
    }

    /// Crashes in a sync; false if it was over before.
    pub(super) fn crash(&mut self, who: usize, files: Crashing<Arc<Memory>>, power: bool) -> bool {
        let files = Arc::new(files);
        let done = self.sync_with(who, files.clone());
        self.seen.crash += usize::from(files.has_stopped());
        if done.is_ok() {
            return files.has_stopped();
        }
        // What was committed is there, closed properly or not.
        let replica = &mut self.replicas[who];
        let saved = replica.saved();
        replica.store = None;
        replica.put_book(&saved);
        if power {
            self.cloud.files(who).power_cut();
        }
        self.cloud.rescan(who);
        self.open(who);
        files.has_stopped()
    }

    /// Files of the place on a device's disk.
    pub(super) fn files_of(&self, who: usize, wanted: impl Fn(&Path) -> bool) -> Vec<(PathBuf, Vec<u8>)> {
        let all = self.cloud.files(who).all();
        all.into_iter()
            .filter(|(path, _)| {
                let name = path.to_string_lossy();
                path.starts_with(ROOT)
                    && !name.ends_with(TEMPORARY)
                    && !name.ends_with("FORMAT")
                    && !name.contains('(')
                    && wanted(path)
            })
            .collect()
    }

    pub(super) fn choose(
        &self,
        who: usize,
        which: u16,
        wanted: impl Fn(&Path) -> bool,
    ) -> Option<(PathBuf, Vec<u8>)> {
        let mut all = self.files_of(who, wanted);
        let at = usize::from(which).checked_rem(all.len())?;
        Some(all.swap_remove(at))
    }

    pub(super) fn damage(&mut self, who: usize, which: u16, how: impl FnOnce(&mut Vec<u8>, &mut Random)) {
        let who = self.who(who);
        if let Some((path, mut bytes)) = self.choose(who, which, |_| true) {
            let was = bytes.clone();
            let kept = self.cloud.kept(who, &path);
            how(&mut bytes, &mut self.random);
            self.cloud.files(who).alter(&path, Some(&bytes));
            self.seen.partial += usize::from(bytes.len() < was.len());
            self.seen.flipped += usize::from(bytes.len() == was.len());
            self.trash.extend(kept.map(|kept| (path, kept)));
        }
    }

    pub(super) fn delete(&mut self, who: usize, which: u16) {
        let who = self.who(who);
        let files = self.cloud.files(who);
        if self.place.extension().is_some() {
            if let Some(older) = &self.older {
                let kept = self.cloud.kept(who, &self.place);
                self.trash.extend(kept.map(|kept| (self.place.clone(), kept)));
                files.alter(&self.place, Some(older));
                self.seen.deleted += 1;
            }
        } else if let Some((path, _)) =
            self.choose(who, which, |path| path.extension().is_some_and(|ending| ending == "seg"))
        {
            let kept = self.cloud.kept(who, &path);
            files.alter(&path, None);
            self.trash.extend(kept.map(|kept| (path, kept)));
            self.seen.deleted += 1;
        }
    }

    pub(super) fn look_alike(&mut self, who: usize, which: u16, more: &str) {
        // A device that has just joined anew has no files yet.
        let mut devices = (0..self.replicas.len()).map(|more| self.who(who + more));
        let found = devices.find_map(|who| Some((who, self.choose(who, which, |_| true)?)));
        if let Some((who, (path, mut bytes))) = found {
            if let (true, Some(older)) = (self.place.extension().is_some(), &self.older) {
                bytes.clone_from(older);
            }
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            let ending = path.extension().map(|ending| format!(".{}", ending.to_string_lossy()));
            let name = format!("{stem}{more}{}", ending.unwrap_or_default());
            self.cloud.files(who).alter(&path.with_file_name(name), Some(&bytes));
            self.seen.copy += usize::from(more.contains("conflict"));
            self.seen.duplicate += usize::from(!more.contains("conflict"));
        }
    }

    /// Before a disk goes, what others have of it is in the place.
    pub(super) fn settle_file(&mut self) {
        // A shared file may have lost by then what only others' books have now, and nobody but its owner could put that there again.
        if self.place.extension().is_some() {
            self.mend();
            self.cloud.set_faults(Faults::default());
            for _ in 0..2 {
                for at in 0..self.replicas.len() {
                    self.cloud.settle();
                    drop(self.sync(at));
                }
            }
            self.cloud.settle();
            self.cloud.set_faults(FAULTS);
        }
    }

    /// Rows that a device is about to lose and nobody else has.
    pub(super) fn lose(&mut self, who: usize, keeps: &Set) {
        for row in self.replicas[who].has.clone().all() {
            let kept = keeps.has(row)
                || self.replicas.iter().enumerate().any(|(at, other)| at != who && other.has.has(row));
            if !kept {
                self.lost.add(row);
            }
        }
        // Nobody could write anew what was signed under an identity that ends here: the cloud's own trash has it.
        for (path, bytes) in std::mem::take(&mut self.trash).into_iter().rev() {
            self.cloud.restore(&path, bytes);
        }
    }

    /// What people do where nothing else helps: a shared file that nobody can read any more comes back from the cloud's trash, and
    /// so do segments of those who are no more.
    pub(super) fn mend(&mut self) {
        let alive: Vec<String> =
            self.replicas.iter().map(|replica| format!("/d/{:016x}/", replica.store().device())).collect();
        // What was damaged twice was whole before the first time.
        for (path, bytes) in std::mem::take(&mut self.trash).into_iter().rev() {
            let text = path.to_string_lossy();
            if path == self.place || !alive.iter().any(|own| text.contains(own)) {
                self.cloud.restore(&path, bytes);
            }
        }
    }

    pub(super) fn restore(&mut self, who: usize) {
        let Some(backup) = self.replicas[who].backup.clone() else { return };
        self.settle_file();
        let had = self.replicas[who].has.clone();
        self.replicas[who].store = None;
        self.replicas[who].put_book(&backup);
        self.open(who);
        // The back-up may be an older version's, and versions have no numbers here by which opening would tell that.
        self.replicas[who].store_mut().catch_up().unwrap();
        let has = std::mem::replace(&mut self.replicas[who].has, had);
        self.lose(who, &has);
        self.replicas[who].has = has;
        self.seen.restored += 1;
    }

    pub(super) fn join_anew(&mut self, who: usize) {
        if who == 0 {
            return;
        }
        self.settle_file();
        self.lose(who, &Set::default());
        while self.cloud.step_up(who) {}
        let entropy = self.entropy();
        let replica = &mut self.replicas[who];
        replica.store = None;
        std::fs::remove_dir_all(&replica.folder).unwrap();
        std::fs::create_dir_all(&replica.folder).unwrap();
        self.cloud.renew_device(who);
        let now = self.now + replica.off;
        let (book, state) = (replica.book(), replica.state());
        let mut store = Store::join(&book, &state, clock(now), entropy, BOOK).unwrap();
        store.pretend_older(VERSIONS[replica.version]);
        let name = format!("device {who} again");
        let place = self.place.clone();
        // A moment without faults, in which whoever invites looks after what they have said.
        self.cloud.set_faults(Faults::default());
        while self.cloud.step(0) {}
        drop(self.sync(0));
        while self.cloud.step(who) {}
        let (theirs, files) = (self.cloud.files(0), self.cloud.files(who));
        let first = self.replicas[0].store.as_mut().unwrap();
        let done = join((first, theirs), (&mut store, files), &mut self.cloud, who, &place, &name, now);
        self.cloud.set_faults(FAULTS);
        done.unwrap_or_else(|error| panic!("device {who} can't join anew: {error}"));
        let replica = &mut self.replicas[who];
        replica.store = Some(store);
        replica.name = name;
        replica.has = Set::default();
        replica.backup = Some(replica.saved());
        self.seen.lost += 1;
    }

    pub(super) fn clone_replica(&mut self, who: usize) {
        if self.cloned {
            return;
        }
        self.cloned = true;
        let who = who % REPLICAS;
        let saved = self.replicas[who].saved();
        let identity = std::fs::read(self.identity_file(who)).unwrap();
        let at = self.cloud.clone_device(who);
        assert_eq!(at, self.replicas.len());
        let folder = self._home.path().join(at.to_string());
        std::fs::create_dir_all(folder.join("state/devices")).unwrap();
        let one = &self.replicas[who];
        let replica = Replica {
            store: None,
            folder,
            name: one.name.clone(),
            off: one.off,
            version: one.version,
            backup: Some(saved.clone()),
            offline: 0,
            has: one.has.clone(),
        };
        replica.put_book(&saved);
        self.replicas.push(replica);
        self.put_identity(at, &identity);
        self.open(at);
        self.seen.cloned += 1;
    }
}
