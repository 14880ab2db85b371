//! Where incidents begin and end in a row of states.

/// What is known of one slot of one channel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum State {
    /// Over, with value over limit.
    Over(f64),
    /// Not over, and not clear either.
    Between,
    /// Clear.
    Clear,
    /// Nothing can be said, and nothing more will come.
    Void,
    /// Nothing is here, but it may still come.
    Open,
}

/// How episodes are cut; numbers of slots.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cutting {
    /// Slots over in a row that make it certain.
    pub consecutive: u32,
    /// One slot over so many times the limit does too.
    pub at_once_times: f64,
    /// Clear slots in a row that end it.
    pub clear: u32,
    /// Slots behind the end within which it goes on.
    pub hold_down: usize,
    /// More void slots in a row than this cut it.
    pub gap: u32,
}

/// One episode; places are indices into the row.
#[derive(Debug, Clone, PartialEq)]
pub struct Episode {
    /// First slot over.
    pub from: usize,
    /// Last slot over.
    pub to: usize,
    /// The slot that made it certain; none while it is not.
    pub anchor: Option<usize>,
    /// Channels that were over, by their index.
    pub over: Vec<bool>,
    /// The greatest value over limit, and where.
    pub peak: (f64, usize),
    /// Slots over, counted once however many channels were.
    pub slots: u32,
    /// True while it has not ended.
    pub open: bool,
    /// True where slots that may still come lie within it: it may yet be cut apart, or become certain.
    pub pending: bool,
}

/// An episode under way.
struct Alive {
    episode: Episode,
    /// Channels that were over or may have been.
    involved: Vec<bool>,
    clear: u32,
    void: u32,
    ended: Option<usize>,
}

/// How many in a row one channel has been over.
#[derive(Clone, Copy, Default)]
struct Run {
    over: u32,
    void: u32,
}

impl Run {
    fn step(&mut self, state: State, gap: u32) {
        match state {
            State::Over(_) => *self = Run { over: self.over + 1, void: 0 },
            State::Void if self.void < gap => self.void += 1,
            _ => *self = Run::default(),
        }
    }
}

/// Cuts the rows of some channels, all of one length, into episodes of them together. `busy` is one longer
/// than the rows: where something is under way when a slot begins, it is set. What comes from any other
/// slot on is the same as if the rows began there.
pub fn episodes(rows: &[&[State]], cutting: &Cutting, busy: &mut [bool]) -> Vec<Episode> {
    let length = rows.first().map_or(0, |row| row.len());
    assert!(rows.iter().all(|row| row.len() == length), "rows of one outlet have one length");
    assert!(busy.len() == length + 1, "there is one moment more than slots");
    let mut runs = vec![Run::default(); rows.len()];
    let (mut done, mut alive): (Vec<Episode>, Option<Alive>) = (Vec::new(), None);
    for at in 0..=length {
        let expired = alive.take_if(|a| a.ended.is_some_and(|ended| at > ended + cutting.hold_down));
        done.extend(expired.map(|a| a.episode));
        busy[at] |= alive.is_some() || runs.iter().any(|run| run.over > 0);
        if at == length {
            break;
        }
        let (mut over, mut open) = (false, false);
        for (row, run) in rows.iter().zip(&mut runs) {
            run.step(row[at], cutting.gap);
            over |= matches!(row[at], State::Over(_));
            open |= row[at] == State::Open;
        }
        if over {
            alive.get_or_insert_with(|| Alive::begin(at, rows.len())).over(at, rows, &runs, cutting);
        } else if let Some(a) = &mut alive {
            if open {
                a.maybe(at, rows);
            } else if a.quiet(at, rows, cutting) {
                done.extend(alive.take().map(|a| a.episode));
            }
        }
    }
    done.extend(alive.map(|a| Episode { open: a.ended.is_none(), ..a.episode }));
    done
}

impl Alive {
    fn begin(at: usize, channels: usize) -> Self {
        let over = vec![false; channels];
        let episode = Episode { from: at, to: at, anchor: None, over: over.clone(), peak: (0.0, at), slots: 0, open: false, pending: false };
        Self { episode, involved: over, clear: 0, void: 0, ended: None }
    }

    fn goes_on(&mut self) {
        (self.clear, self.void, self.ended) = (0, 0, None);
    }

    fn over(&mut self, at: usize, rows: &[&[State]], runs: &[Run], cutting: &Cutting) {
        self.goes_on();
        let episode = &mut self.episode;
        (episode.to, episode.slots) = (at, episode.slots + 1);
        for (channel, row) in rows.iter().enumerate() {
            let State::Over(times) = row[at] else {
                self.involved[channel] |= row[at] == State::Open;
                continue;
            };
            (self.involved[channel], episode.over[channel]) = (true, true);
            if times > episode.peak.0 {
                episode.peak = (times, at);
            }
            if runs[channel].over >= cutting.consecutive || times > cutting.at_once_times {
                episode.anchor.get_or_insert(at);
            }
        }
    }

    /// A slot that may yet turn out to be over never ends an episode.
    fn maybe(&mut self, at: usize, rows: &[&[State]]) {
        self.goes_on();
        self.episode.pending = true;
        for (involved, row) in self.involved.iter_mut().zip(rows) {
            *involved |= row[at] == State::Open;
        }
    }

    /// A slot without anything over; true when the episode is cut here.
    fn quiet(&mut self, at: usize, rows: &[&[State]], cutting: &Cutting) -> bool {
        let mut states = self.involved.iter().zip(rows).filter(|(involved, _)| **involved).map(|(_, row)| row[at]);
        let (mut between, mut void) = (false, false);
        states.by_ref().for_each(|state| {
            between |= state == State::Between;
            void |= state == State::Void;
        });
        match (between, void) {
            (true, _) => (self.clear, self.void) = (0, 0),
            (false, true) => self.void += 1,
            (false, false) => (self.clear, self.void) = (self.clear + 1, 0),
        }
        if self.clear >= cutting.clear {
            self.ended.get_or_insert(at);
        }
        self.void > cutting.gap
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CUTTING: Cutting = Cutting { consecutive: 2, at_once_times: 2.0, clear: 2, hold_down: 1, gap: 2 };

    /// `!` twice over, `x` over, `-` between, `.` clear, ` ` void, `?` open.
    fn row(drawn: &str) -> Vec<State> {
        drawn
            .chars()
            .map(|c| match c {
                '!' => State::Over(2.5),
                'x' => State::Over(1.2),
                '-' => State::Between,
                '.' => State::Clear,
                '?' => State::Open,
                _ => State::Void,
            })
            .collect()
    }

    fn of(rows: &[&str]) -> Vec<Episode> {
        let rows: Vec<Vec<State>> = rows.iter().map(|r| row(r)).collect();
        let rows: Vec<&[State]> = rows.iter().map(Vec::as_slice).collect();
        episodes(&rows, &CUTTING, &mut vec![false; rows[0].len() + 1])
    }

    /// `from-to@anchor` of each episode.
    fn cut(rows: &[&str]) -> Vec<String> {
        let told = |e: &Episode| format!("{}-{}{}", e.from, e.to, e.anchor.map(|a| format!("@{a}")).unwrap_or_default());
        of(rows).iter().map(told).collect()
    }

    #[test]
    fn drawn_by_hand() {
        assert_eq!(cut(&["..xx...."]), ["2-3@3"]);
        assert_eq!(cut(&["..x....."]), ["2-2"], "one slot is not certain");
        assert_eq!(cut(&["..!....."]), ["2-2@2"], "but twice the limit is");
        assert_eq!(cut(&["xx.xx.xx"]), ["0-7@1"], "one clear slot ends nothing");
        assert_eq!(cut(&["xx..xx.."]), ["0-5@1"], "over again within the hold-down");
        assert_eq!(cut(&["xx...xx."]), ["0-1@1", "5-6@6"]);
        assert_eq!(cut(&["xx.-.-.x"]), ["0-7@1"], "hovering below the limit ends nothing");
        assert_eq!(cut(&["x  x...."]), ["0-3@3"], "void slots are passed over in a row");
        assert_eq!(cut(&["x   x..."]), ["0-0", "4-4"], "too many of them cut");
        assert_eq!(cut(&["x.x....."]), ["0-2"], "a clear slot breaks the row");
        assert_eq!(cut(&["........"]), [""; 0]);
    }

    #[test]
    fn what_may_still_come_neither_ends_nor_proves() {
        assert_eq!(cut(&["xx..?..xx"]), ["0-8@1"]);
        assert_eq!(cut(&["xx.....xx"]), ["0-1@1", "7-8@8"], "came as clear");
        assert_eq!(cut(&["x?x...."]), ["0-2"], "two over, but perhaps not in a row");
        assert_eq!(cut(&["x x...."]), ["0-2@2"], "it never came");
        assert!(of(&["x?x"])[0].pending);
    }

    #[test]
    fn factors_of_one_outlet_are_one_incident() {
        assert_eq!(cut(&["xx......", "...xx..."]), ["0-4@1"]);
        assert_eq!(cut(&["x.......", ".x......"]), ["0-1"], "no factor is over twice");
        // A dead channel that was never over says nothing about the end.
        assert_eq!(cut(&["xx......xx", "          "]), ["0-1@1", "8-9@9"]);
    }

    #[test]
    fn where_nothing_is_under_way_it_could_have_begun() {
        let busy = |drawn: &str| {
            let (row, mut busy) = (row(drawn), vec![false; drawn.len() + 1]);
            episodes(&[&row], &CUTTING, &mut busy);
            busy.into_iter().map(|b| if b { '#' } else { '.' }).collect::<String>()
        };
        // Over at 2 and 3, clear twice at 5, held down at 6: free again before 7.
        assert_eq!(busy("..xx...."), "...####..");
        assert_eq!(busy("..x   .."), "...###...", "three void slots cut it");
        assert_eq!(busy("......"), ".......");
        assert_eq!(busy("..x?"), "...##", "it may still go on");
    }

    #[test]
    fn as_slots_come_in_episodes_are_cut_and_never_joined() {
        // Every row of seven slots out of four states, each with two of its slots still open: every
        // certain episode of the finished row lies within one of the unfinished row, and none of the
        // unfinished row's anchors share an episode afterwards.
        let letters = ['x', '-', '.', ' '];
        for number in 0..4_u32.pow(7) {
            let drawn: Vec<char> = (0..7).map(|i| letters[(number / 4_u32.pow(i) % 4) as usize]).collect();
            let after = of(&[&drawn.iter().collect::<String>()]);
            for (first, second) in [(1, 3), (2, 3), (1, 5), (3, 5)] {
                let mut early = drawn.clone();
                (early[first], early[second]) = ('?', '?');
                let before = of(&[&early.iter().collect::<String>()]);
                for anchor in before.iter().filter_map(|e| e.anchor) {
                    let holders: Vec<_> = after.iter().filter(|e| e.from <= anchor && anchor <= e.to).collect();
                    assert!(holders.len() == 1 && holders[0].anchor.is_some(), "{drawn:?} {early:?}");
                    let others = before.iter().filter_map(|e| e.anchor).filter(|a| holders[0].from <= *a && *a <= holders[0].to);
                    assert_eq!(others.count(), 1, "{drawn:?} {early:?}");
                }
            }
        }
    }
}
