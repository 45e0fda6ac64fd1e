//! Same input, same output, byte for byte: a second time, and at any number of threads.

use crate::support::{
    Folder, SAMPLE_AS_OF, SAMPLE_SYNTH, duewise_with, files, run_as_of, sample, synth, text_of,
};

#[test]
fn a_second_run_writes_the_same_bytes() {
    let folder = Folder::new();
    run_as_of(&sample().ledger, &folder.path().join("elsewhere"), SAMPLE_AS_OF).exits(0);
    let (first, second) = (files(&sample().out), files(&folder.path().join("elsewhere")));
    assert!(first.contains_key("manifest.json") && first.contains_key("model/artefact.json"));
    let different: Vec<&String> = first.keys().filter(|name| first.get(*name) != second.get(*name)).collect();
    assert!(different.is_empty() && first.len() == second.len(), "different: {different:?}");
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    for threads in ["1", "4"] {
        let folder = Folder::new();
        let (ledger, out) = (text_of(&sample().ledger), folder.inside("out"));
        let environment = [("RAYON_NUM_THREADS", threads), ("POLARS_MAX_THREADS", threads)];
        duewise_with(&environment, &["run", &ledger, "--out", &out, "--as-of", SAMPLE_AS_OF]).exits(0);
        let (first, second) = (files(&sample().out), files(&folder.path().join("out")));
        let different: Vec<&String> =
            first.keys().filter(|name| first.get(*name) != second.get(*name)).collect();
        assert!(different.is_empty() && first.len() == second.len(), "{threads} threads: {different:?}");
    }
}

#[test]
fn the_manifest_hashes_what_was_read_and_written() {
    let manifest = std::fs::read(sample().out.join("manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    for (key, folder) in [("inputs", &sample().ledger), ("outputs", &sample().out)] {
        let mut listed: Vec<String> = Vec::new();
        for file in manifest[key].as_array().unwrap() {
            let name = file["name"].as_str().unwrap();
            let hash = duewise::base::digest::of_file(&folder.join(name)).unwrap();
            assert_eq!(file["sha256"], hash, "{name}");
            listed.push(name.to_owned());
        }
        listed.sort();
        // All but the manifest itself, and the truth, which is no table of the ledger.
        let there: Vec<String> = files(folder)
            .into_keys()
            .filter(|name| name != "manifest.json" && !name.starts_with("truth/"))
            .collect();
        assert_eq!(listed, there, "{key}");
    }
}

#[test]
fn a_seed_makes_one_ledger_and_another_seed_another() {
    let folder = Folder::new();
    let (again, other) = (folder.path().join("again"), folder.path().join("other"));
    synth(&again, &SAMPLE_SYNTH);
    synth(&other, &["--invoices", "700", "--seed", "7"]);
    assert!(files(&sample().ledger) == files(&again));
    assert!(files(&sample().ledger)["invoices.csv"] != files(&other)["invoices.csv"]);
}
