//! Every fixed number that bounds or shapes a run, each with its reason. Units stand last in the name.

/// Longest field taken from a file. Real memo fields stay under 4 KiB; more is a broken quote.
pub const FIELD_LEN_BYTES_MAX: usize = 64 * 1024;

/// Longest record of a text file, quoted line ends included; more is a quote that was never closed.
pub const RECORD_LEN_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Most bytes a compressed file may unpack to, for each byte it has. Rows of 300 empty columns compress a hundredfold and
/// identical rows 350-fold; a bomb of zeros a thousandfold.
pub const UNPACKED_RATIO_MAX: u64 = 400;

/// Unpacked bytes below which [`UNPACKED_RATIO_MAX`] is not asked: so little does no harm at any ratio.
pub const UNPACKED_FREE_BYTES: u64 = 64 << 20;

/// Most bytes, unpacked, of a file in a format that is read as a whole: plain JSON and workbooks. A full sheet of
/// 1,048,576 rows with forty columns stays below.
pub const FILE_BYTES_MAX: u64 = 2 << 30;

/// Most bytes of text in one block of records, so that its offsets fit in 32 bits with room to spare.
pub const RECORDS_BYTES_MAX: usize = 1 << 30;

/// Bytes of text at which a block of JSON records is handed on, however few they are.
pub const BLOCK_BYTES: usize = 64 << 20;

/// Most columns of a workbook: as many as Excel has.
pub const WORKBOOK_COLUMNS_MAX: usize = 16_384;

/// Most cells taken from a sheet, gaps between them counted: 1,048,576 rows with 47 columns.
pub const WORKBOOK_CELLS_MAX: usize = 50_000_000;

/// Most cells that the sheets of an old `.xls` may span: one full sheet of that format, 65,536 rows by 256 columns. Its reader
/// allocates them all, filled or not.
pub const XLS_CELLS_MAX: u64 = 65_536 * 256;

/// Longest line of NDJSON. A record of a hundred full memo fields stays below; more is a file of another kind.
pub const JSON_LINE_BYTES_MAX: usize = 1 << 20;

/// Most columns of a file: the widest exports of accounting systems have a few hundred.
pub const COLUMNS_MAX: usize = 4_096;

/// Text read and split at a time, by each thread: large enough that the work on it outweighs handing it over, small
/// enough that all blocks in flight stay within some tens of megabytes.
pub const TEXT_BLOCK_BYTES: usize = 1024 * 1024;

/// Records at the head of a file among which its header is looked for: reports have a few lines of titles above it.
pub const HEADER_SEARCH_RECORDS: usize = 50;

/// Years a day may lie in. Outside it a date is a typing error or a system's "never" (9999-12-31).
pub const DAY_YEAR_MIN: i32 = 1970;
/// See [`DAY_YEAR_MIN`].
pub const DAY_YEAR_MAX: i32 = 2199;

/// Largest amount, in minor units: room for the largest invoices of the smallest currencies, while a customer's
/// thousands of invoices still sum within an `i64`. Totals over a ledger are summed in `i128`.
pub const AMOUNT_MINOR_MAX: i64 = 100_000_000_000_000;

/// Fewest mature labelled invoices for a model; below it the shrunk ratio answers alone.
pub const TRAIN_ROWS_MIN: usize = 100;

/// Most rows a classifier is fitted on, spread evenly over the history: more are hardly better, and a fit stays within seconds.
pub const TRAIN_ROWS_MAX: usize = 30_000;

/// Latest back-test origins by which a model is gated: half a year of evidence, and a bounded time on any ledger.
pub const GATE_ORIGINS_MAX: usize = 6;

/// Most rows learned from, and most measured on, at each origin of the gate: whether a model beats the rule shows on fewer
/// rows than the model is then fitted on, and the gate is most of the time of a training.
pub const GATE_TRAIN_ROWS_MAX: usize = 15_000;
/// See [`GATE_TRAIN_ROWS_MAX`].
pub const GATE_TEST_ROWS_MAX: usize = 5_000;

/// Days from the first invoice to the first back-test origin, so that a history exists.
pub const BACKTEST_WARMUP_DAYS: i32 = 150;

/// Delays looked back on for a customer's quantiles.
pub const QUANTILE_WINDOW_ROWS: usize = 50;

/// Past invoices of a group that one is compared with, the latest: enough for a customer's habits, and a bounded time.
pub const ALIKE_ROWS: usize = 4_000;

/// Rows scored at a time: bounds the float matrix and the curves to some tens of megabytes.
pub const SCORE_CHUNK_ROWS: usize = 8_192;

/// Largest rate of interest or share, in percent: more is a rate written in another unit.
pub const RATE_PERCENT_MAX: i64 = 1_000;

/// Most instalments of a plan: ten years of weeks.
pub const PLAN_INSTALMENTS_MAX: usize = 520;

/// Rows of the call list shown on screen.
pub const SCREEN_CALLS: usize = 10;

const _: () = assert!(DAY_YEAR_MIN < DAY_YEAR_MAX);
const _: () = assert!(TRAIN_ROWS_MIN < TRAIN_ROWS_MAX);
const _: () = assert!(AMOUNT_MINOR_MAX < i64::MAX / 1_000);
const _: () = assert!(UNPACKED_FREE_BYTES < FILE_BYTES_MAX);
const _: () = assert!(RECORDS_BYTES_MAX < u32::MAX as usize);
const _: () = assert!(BLOCK_BYTES + JSON_LINE_BYTES_MAX < RECORDS_BYTES_MAX);
