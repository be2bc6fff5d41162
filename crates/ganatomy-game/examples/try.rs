//! Scratch.
use ganatomy_game::{Plan, Session, data::DataContext, data::{Silent, Progress, Task}, recipe, train};
use ganatomy_record::*;
use ganatomy_tensor::Cpu;
use std::ops::ControlFlow;
struct P(RunWriter);
impl Sink for P { fn receive(&mut self, e: &Event) -> Result<ControlFlow<()>, RecordError> {
  if let Event::Readings{step, secs, values} = e { if values.contains_key("samples/reverse_kl") || std::env::var("ALL").is_ok() { println!("{step} {secs:.1} {:?}", values.iter().filter(|(k,_)| !k.contains("share/")).map(|(k,v)| format!("{}={v:.3}", k.replace("discriminator","D").replace("generator","G").replace("samples/",""))).collect::<Vec<_>>().join(" ")); } }
  if let Event::Finished{outcome, secs, ..} = e { println!("{outcome:?} {secs:.2}"); }
  self.0.receive(e)
}}
struct Q; impl Progress for Q { fn advance(&self, t: Task<'_>, d: u64) { if d % 500 == 0 || d==t.total { eprintln!("{} {d}/{}", t.name, t.total);} } fn note(&self, t:&str){eprintln!("{t}");} }
fn main() {
  let a: Vec<String> = std::env::args().collect();
  let mut spec = RunSpec::parse(recipe::find(&a[1]).unwrap(), &a[1]).unwrap();
  for s in &a[3..] { spec.set(s).unwrap(); }
  let _ = Silent;
  let ctx = DataContext { data_dir: Some("/work/shared/data".into()), cache_dir: "/tmp/gcache".into(), threads: 2, progress: &Q };
  let plan = match Plan::new(&spec, &ctx) { Ok(p) => p, Err(e) => { eprintln!("error: {e}"); std::process::exit(2) } };
  println!("{:?}", plan.describe());
  let folder = RunFolder::create(std::path::Path::new(&a[2]), true, &spec.source(), &plan.resolved().to_toml()).unwrap();
  let mut sink = P(RunWriter::open(&folder, 1.0e9, "h").unwrap());
  let cpu = Cpu::new(std::env::var("T").map_or(2, |t| t.parse().unwrap()));
  let t0 = std::time::Instant::now();
  let clock = || t0.elapsed().as_secs_f64();
  let s = Session { folder: Some(&folder), cpu: &cpu, clock: &clock, version: "0", host: "h", cache_dir: "/tmp/gcache".as_ref(), progress: &Q, resume: false };
  println!("{:?}", train(&plan, &s, &mut sink));
}
