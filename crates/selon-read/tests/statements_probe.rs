use selon_read::*;
#[test]
fn probe() {
    let path = std::env::var("PROBE").unwrap_or_default();
    if path.is_empty() { return; }
    let bytes = std::fs::read(path).unwrap();
    let d = Document { payload: &bytes, media: Media::Plain, ..Document::default() };
    for r in read(&d, Packs::embedded()) {
        let t=&r.text;
        for s in &r.statements {
            let c: Vec<&str> = s.content.iter().map(|x| t.words(*x)).collect();
            println!("{:?} {:?} {:?} {} | src={:?} res={:?} ({:?},{:?},gov {:?}) cue={:?}\n     content={:?}\n     chain={:?} addr={:?} hedges={:?} also={:?} said={:?}", s.kind, s.mode, s.factuality, s.rule,
              s.source.as_ref().map(|x| t.words(x.span)), s.source.as_ref().and_then(|x| x.resolved.clone()), s.source.as_ref().map(|x| x.kind), s.source.as_ref().and_then(|x| x.role.clone()), s.source.as_ref().and_then(|x| x.government.clone()),
              s.cue.as_ref().map(|x| t.words(x.span)), c,
              s.chain.iter().map(|h| format!("{}{}{:?}", h.name.clone().unwrap_or("-".into()), if h.inherited {"*"} else {""}, h.how)).collect::<Vec<_>>(), s.addressee.map(|a| t.words(a)),
              s.hedges.iter().map(|h| format!("{:?}:{}", h.kind, t.words(h.span))).collect::<Vec<_>>(), s.also_at.iter().map(|h| t.words(*h)).collect::<Vec<_>>(), s.said.as_ref().and_then(|w| w.edtf.clone()));
        }
        for n in &r.notes { println!("note {} {:?}", n.code, n.span.map(|s| t.words(s))); }
    }
}
