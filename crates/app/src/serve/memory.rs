//! Memory that was let go of, given back to the system. Opening an account takes several times what is kept
//! of it, and the C library holds on to what was freed in case it is asked for again.

/// Gives back what is free.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(super) fn give_back() {
    #[expect(unsafe_code, reason = "a call without pointers that any thread may make at any time; there is no safe name for it")]
    // SAFETY: `malloc_trim` takes a number, touches free memory only, and locks what it looks at.
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Other systems give it back by themselves, or cannot.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(super) fn give_back() {}
