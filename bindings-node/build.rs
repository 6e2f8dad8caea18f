//! What the linker needs for a module that Node loads.

fn main() {
    napi_build::setup();
}
