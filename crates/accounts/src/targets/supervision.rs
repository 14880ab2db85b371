//! Supervision (督查): what a red lamp leads to, month after month, and what makes a milestone done.

use liangshan_vocab::{Text, text};

use super::lamp::Lamp;

/// A step of supervision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Supervision {
    /// A letter of reminder.
    Reminder,
    /// A notice of supervision.
    Notice,
    /// Supervision by public list.
    Listed,
    /// An interview.
    Interview,
}

impl Supervision {
    /// What so many month ends in red lead to: 1, 2, 3, then more. `targets.md` section 5.
    pub fn after(months_red: usize) -> Option<Self> {
        match months_red {
            0 => None,
            1 => Some(Self::Reminder),
            2 => Some(Self::Notice),
            3 => Some(Self::Listed),
            _ => Some(Self::Interview),
        }
    }

    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reminder => "reminder",
            Self::Notice => "notice",
            Self::Listed => "listed",
            Self::Interview => "interview",
        }
    }

    /// What it is called.
    pub fn title(self) -> Text {
        match self {
            Self::Reminder => text("提醒函", "letter of reminder"),
            Self::Notice => text("督办通知", "notice of supervision"),
            Self::Listed => text("挂牌督办", "supervision by public list"),
            Self::Interview => text("约谈", "interview"),
        }
    }
}

/// Month ends in red without a break, counted back from the last.
pub fn months_red(lamps: &[Lamp]) -> usize {
    lamps.iter().rev().take_while(|lamp| **lamp == Lamp::Red).count()
}

/// A milestone is done when its evidence was accepted by another unit than the one that claims it.
pub fn is_done(claimed_by: &str, evidence: bool, accepted_by: Option<&str>) -> bool {
    evidence && accepted_by.is_some_and(|by| !by.is_empty() && by != claimed_by)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand, from the sheet: 1 month a reminder, 2 a notice, 3 listed, then an interview; green breaks it.
    #[test]
    fn red_months_climb_the_ladder() {
        let lamps = [Lamp::Red, Lamp::Yellow, Lamp::Red, Lamp::Red];
        assert_eq!(Supervision::after(months_red(&lamps)), Some(Supervision::Notice));
        assert_eq!(Supervision::after(months_red(&[Lamp::Red, Lamp::Green])), None);
        assert_eq!(Supervision::after(5), Some(Supervision::Interview));
    }

    #[test]
    fn nobody_accepts_his_own_evidence() {
        assert!(is_done("OFF-WAT", true, Some("OFF-GOV")));
        assert!(!is_done("OFF-WAT", true, Some("OFF-WAT")) && !is_done("OFF-WAT", false, Some("OFF-GOV")) && !is_done("OFF-WAT", true, None));
    }
}
