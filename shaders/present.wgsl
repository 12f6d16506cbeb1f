// The wall's picture onto the window, pixel by pixel.

@group(0) @binding(0) var wall: texture_2d<f32>;

@vertex
fn corner(@builtin(vertex_index) index: u32) -> @builtin(position) vec4<f32> {
    // One triangle that covers everything.
    let at = vec2<f32>(f32(index & 1u) * 4.0 - 1.0, f32(index >> 1u) * 4.0 - 1.0);
    return vec4<f32>(at, 0.0, 1.0);
}

fn shown(at: vec2<f32>) -> vec3<f32> {
    let last = vec2<i32>(textureDimensions(wall)) - 1;
    return textureLoad(wall, min(vec2<i32>(at), last), 0).rgb;
}

@fragment
fn show(@builtin(position) at: vec4<f32>) -> @location(0) vec4<f32> {
    return vec4<f32>(shown(at.xy), 1.0);
}

// For a window that wants linear light and codes it itself (IEC 61966-2-1).
@fragment
fn show_linear(@builtin(position) at: vec4<f32>) -> @location(0) vec4<f32> {
    let coded = shown(at.xy);
    let low = coded / 12.92;
    let high = pow((coded + 0.055) / 1.055, vec3<f32>(2.4));
    return vec4<f32>(select(high, low, coded <= vec3<f32>(0.04045)), 1.0);
}
