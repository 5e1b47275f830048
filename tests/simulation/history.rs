//! What happens in a history: everything follows from its seed, and is a list, so that parts of it can be left out.

use super::work::Step;
use rolo::sync::files::faults::At;

/// Numbers that follow from a seed.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    pub(super) fn below(&mut self, most: usize) -> usize {
        (self.next() % most.max(1) as u64) as usize
    }
}

/// How many devices there are to begin with.
pub(super) const REPLICAS: usize = 5;

/// How many commands there are for each.
pub(super) const COMMANDS: usize = 200;

/// One event. Numbers pick among what is there by then.
#[derive(Clone, Debug)]
pub(super) enum Command {
    /// Somebody works.
    Work(usize, Step),
    /// A contact is erased.
    Erase(usize, u16),
    /// Many contacts come in at once.
    Import(usize, u8),
    /// A device syncs.
    Sync(usize),
    /// The cloud carries so many files up and down for a device.
    Carry(usize, u8),
    /// A device crashes in the middle of a sync, at so many of its steps; with `power` what was not on the disk is lost.
    Crash { who: usize, step: u64, at: At, power: bool },
    /// The cloud does not reach a device for so many of its turns.
    Offline(usize, u8),
    /// A file in the place is cut short.
    Partial(usize, u16),
    /// A bit of a file in the place flips.
    Flipped(usize, u16),
    /// A segment is deleted from the place (or, of a shared file, an older version comes back).
    Deleted(usize, u16),
    /// A conflicted copy of a file appears.
    Copy(usize, u16),
    /// A file is there a second time under its own name's look-alike.
    Duplicate(usize, u16),
    /// A device's clock is off by so many days.
    Clock(usize, i64),
    /// Somebody makes a back-up of the book.
    Backup(usize),
    /// And restores it. With `all` lost, the state directory is gone, too: the device joins anew.
    Restore { who: usize, all: bool },
    /// A disk is copied: from now on the device is there twice.
    Clone(usize),
    /// A device gets the next version.
    Upgrade(usize),
}

/// A history as its seed has it.
#[derive(Clone, Debug)]
pub(super) struct History {
    pub(super) seed: u64,
    /// Whether the place is one file.
    pub(super) file: bool,
    /// How many versions each device is behind to begin with.
    pub(super) behind: [usize; REPLICAS],
    pub(super) commands: Vec<Command>,
}

fn text(random: &mut Random) -> String {
    match random.below(12) {
        0 => String::new(),
        1 => "王伟".to_owned(),
        _ => format!("v{}", random.below(100_000)),
    }
}

fn digits(random: &mut Random) -> String {
    format!("{}", 1000 + random.below(1_000_000))
}

fn which(random: &mut Random) -> u16 {
    // Often the same few, so that devices meet.
    if random.below(2) == 0 { random.below(4) as u16 } else { random.next() as u16 }
}

fn step(random: &mut Random) -> Step {
    let small = |random: &mut Random| random.below(4) as u8;
    match random.below(30) {
        0..=3 => Step::Add {
            name: text(random),
            company: (random.below(2) == 0).then(|| small(random)),
            tags: (0..random.below(3)).map(|_| small(random)).collect(),
            methods: random.below(3) as u8,
        },
        4..=6 => Step::Rename(which(random), text(random)),
        7..=9 => Step::Title(which(random), text(random)),
        10 => Step::Employer(which(random), (random.below(3) > 0).then(|| small(random))),
        11..=12 => Step::AddMethod(which(random), digits(random)),
        13 => Step::ChangeMethod(which(random), digits(random)),
        14 => Step::RemoveChild(which(random)),
        15..=16 => Step::Tag(which(random), small(random)),
        17 => Step::Bin(which(random)),
        18 => Step::Unbin(which(random)),
        19..=20 => Step::Log((0..1 + random.below(2)).map(|_| which(random)).collect(), text(random)),
        21 => Step::EditInteraction(which(random), text(random)),
        22 => Step::Merge(which(random), which(random)),
        23 => Step::Unmerge(which(random)),
        24 => Step::Bulk(text(random)),
        25 => Step::Country(random.below(3) as u8),
        26 => Step::Undo(random.next() as u16),
        27..=28 => Step::UndoLast,
        _ => Step::Redo,
    }
}

fn everyday(random: &mut Random) -> Command {
    let who = random.below(REPLICAS + 1);
    match random.below(100) {
        0 => Command::Erase(who, which(random)),
        1 => Command::Import(who, 3 + random.below(6) as u8),
        2..=9 => Command::Sync(who),
        10..=19 => Command::Carry(who, 1 + random.below(12) as u8),
        20 => Command::Clock(who, clock(random)),
        _ => Command::Work(who, step(random)),
    }
}

/// Off by minutes, by hours, or by years.
fn clock(random: &mut Random) -> i64 {
    match random.below(3) {
        0 => 0,
        1 => random.below(6) as i64 - 3,
        _ => random.below(8000) as i64 - 4000,
    }
}

/// Every fault there is, at least once.
fn faults(random: &mut Random) -> Vec<Command> {
    let who = |random: &mut Random| random.below(REPLICAS);
    let at = |random: &mut Random| match random.below(3) {
        0 => At::Before,
        1 => At::Middle,
        _ => At::After,
    };
    let mut all = Vec::new();
    for power in [false, true] {
        let (who, step, at) = (who(random), random.below(14) as u64, at(random));
        all.push(Command::Crash { who, step, at, power });
    }
    for _ in 0..2 {
        all.push(Command::Offline(who(random), 20 + random.below(60) as u8));
        all.push(Command::Partial(who(random), random.next() as u16));
        all.push(Command::Flipped(who(random), random.next() as u16));
        all.push(Command::Deleted(who(random), random.next() as u16));
        all.push(Command::Copy(who(random), random.next() as u16));
        all.push(Command::Duplicate(who(random), random.next() as u16));
    }
    all.push(Command::Clock(who(random), 3000 + random.below(1000) as i64));
    all.push(Command::Clock(who(random), -3000 - random.below(1000) as i64));
    all.push(Command::Restore { who: who(random), all: false });
    // The founder lets the others in: without them nobody could come back.
    all.push(Command::Restore { who: 1 + random.below(REPLICAS - 1), all: true });
    all.push(Command::Clone(who(random)));
    all.push(Command::Upgrade(who(random)));
    all.push(Command::Upgrade(who(random)));
    all
}

impl History {
    pub(super) fn of(seed: u64) -> Self {
        let mut random = Random(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ 0x726f_6c6f);
        let count = REPLICAS * COMMANDS;
        let faults = faults(&mut random);
        let mut commands: Vec<Command> =
            (0..count - 2 * faults.len()).map(|_| everyday(&mut random)).collect();
        for fault in faults {
            // By then there is something that can break.
            let at = commands.len() / 8 + random.below(commands.len() * 7 / 8);
            if let Command::Restore { who, .. } = fault {
                let before = random.below(at);
                commands.insert(before, Command::Backup(who));
                commands.insert(at + 1, fault);
            } else {
                commands.insert(at, fault);
            }
        }
        while commands.len() < count {
            commands.push(everyday(&mut random));
        }
        // One device of each version at least.
        let mut behind = [0, 1, 2, random.below(3), random.below(3)];
        for at in (1..REPLICAS).rev() {
            behind.swap(at, random.below(at + 1));
        }
        Self { seed, file: seed % 3 == 2, behind, commands }
    }
}
