//! Runs library code that asserts on some damaged files instead of reporting them: a user must not see that as a crash.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Quiet reads under way. A library may panic on threads of its own, so silence is for all of them.
static UNDER_WAY: AtomicUsize = AtomicUsize::new(0);
static HOOK: Once = Once::new();

/// The result of `read`, or `None` where it panicked; nothing is printed then.
///
/// The hook is set once and asks: were it swapped around each read, two reads at a time could leave it silent for good.
pub(super) fn quietly<T>(read: impl FnOnce() -> T) -> Option<T> {
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if UNDER_WAY.load(Ordering::SeqCst) == 0 {
                usual(info);
            }
        }));
    });
    UNDER_WAY.fetch_add(1, Ordering::SeqCst);
    let result = panic::catch_unwind(AssertUnwindSafe(read));
    UNDER_WAY.fetch_sub(1, Ordering::SeqCst);
    result.ok()
}

#[cfg(test)]
mod tests {
    use super::quietly;

    #[test]
    fn a_panic_is_nothing_and_a_result_is_kept() {
        assert_eq!(quietly(|| 7), Some(7));
        let empty: [u8; 0] = [];
        assert_eq!(quietly(|| empty[std::hint::black_box(0)]), None);
        assert_eq!(quietly(|| quietly(|| 7)), Some(Some(7)));
    }
}
