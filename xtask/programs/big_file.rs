//! A generated file of any size goes in and comes out, in bounded memory.
//!
//! `big_file STORE BYTES` reports lines of a name and a value. In and out are streams: the file is pulled
//! from a `Read` and read through a `Read`.
#![allow(clippy::print_stdout, reason = "a program for the terminal")]

use std::error::Error;
use std::io::{self, Read};
use std::time::Instant;

use ouroborosdb::{Database, NewEvent, Options};

const BLOCK_BYTES: usize = 1 << 20;
const LINE_BYTES: usize = 32;

/// The file: blocks of which one half is random and the other text, none like another.
struct Generated {
    block: Vec<u8>,
    number: u64,
    used: usize,
    left: u64,
}

impl Generated {
    fn new(bytes: u64) -> Generated {
        let mut block = vec![0; BLOCK_BYTES / 2];
        for line in 0..BLOCK_BYTES / 2 / LINE_BYTES {
            block.extend(format!("block 0000000000 line {line:09}\n").as_bytes());
        }
        Generated { block, number: 0, used: BLOCK_BYTES, left: bytes }
    }

    fn next_block(&mut self) {
        self.number += 1;
        self.used = 0;
        let (random, text) = self.block.split_at_mut(BLOCK_BYTES / 2);
        let mut state = self.number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for word in random.chunks_exact_mut(8) {
            // xorshift64*: Vigna, "An experimental exploration of Marsaglia's xorshift generators".
            state ^= state >> 12;
            state ^= state << 25;
            state ^= state >> 27;
            word.copy_from_slice(&state.wrapping_mul(0x2545_f491_4f6c_dd1d).to_le_bytes());
        }
        let digits = format!("{:010}", self.number);
        for line in text.chunks_exact_mut(LINE_BYTES) {
            line[6..16].copy_from_slice(digits.as_bytes());
        }
    }
}

impl Read for Generated {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.used == BLOCK_BYTES {
            self.next_block();
        }
        let left = usize::try_from(self.left).unwrap_or(usize::MAX);
        let length = buffer.len().min(BLOCK_BYTES - self.used).min(left);
        buffer[..length].copy_from_slice(&self.block[self.used..self.used + length]);
        self.used += length;
        self.left -= length as u64;
        Ok(length)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [store, bytes] = arguments.as_slice() else { return Err("usage: big_file STORE BYTES".into()) };
    let bytes: u64 = bytes.parse()?;
    let db = Database::open(store, Options::new())?;
    let root = db.ensure_root("big file")?;

    let start = Instant::now();
    let event = db.put_file(root, Generated::new(bytes), NewEvent::new())?;
    println!("put_seconds {}", start.elapsed().as_secs_f64());

    let start = Instant::now();
    println!("bytes_equal {}", equal(&mut db.open_file(event)?, &mut Generated::new(bytes))?);
    println!("get_seconds {}", start.elapsed().as_secs_f64());
    db.close()?;
    println!("peak_kib {}", peak_kib()?);
    Ok(())
}

/// How many bytes are equal from the start; 0 where one is longer.
fn equal(stored: &mut impl Read, generated: &mut impl Read) -> io::Result<u64> {
    let (mut left, mut right) = (vec![0; BLOCK_BYTES], vec![0; BLOCK_BYTES]);
    let mut bytes = 0;
    loop {
        let (read, made) = (fill(stored, &mut left)?, fill(generated, &mut right)?);
        if left[..read] != right[..made] {
            return Ok(0);
        }
        bytes += read as u64;
        if read < BLOCK_BYTES {
            return Ok(bytes);
        }
    }
}

fn fill(reader: &mut impl Read, block: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < block.len() {
        match reader.read(&mut block[length..])? {
            0 => break,
            read => length += read,
        }
    }
    Ok(length)
}

/// The peak of this process's resident memory, mapped files included.
fn peak_kib() -> Result<u64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM in the status")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
