// What a tile is made of, drawn into the wall's picture: plain rectangles, pictures, captions.
//
// All colours are the screen's own (sRGB-coded) values from 0 to 1; nothing is blended in linear light, so that this
// and the software compositor agree.

struct Item {
    // Left, top, width, height on the wall, in pixels.
    place: vec4<f32>,
    // Rectangle: R, G, B, 1. Picture: left, top, width, height of the part that is seen, in its own pixels.
    source: vec4<f32>,
    // Chroma columns and rows for one of luma, offset of chroma in its columns, what a sample is multiplied with to
    // reach from 0 to 255.
    chroma: vec4<f32>,
    // Black level, factors: luma, V in red, U in green.
    equation: vec4<f32>,
    // Factors: V in green, U in blue; the wall's size in pixels.
    equation_and_wall: vec4<f32>,
    // Quarter turns clockwise, planes of the picture.
    turn: vec4<u32>,
}

@group(0) @binding(0) var<uniform> item: Item;

@group(1) @binding(0) var luma_plane: texture_2d<u32>;
@group(1) @binding(1) var first_chroma_plane: texture_2d<u32>;
@group(1) @binding(2) var second_chroma_plane: texture_2d<u32>;

// Captions; they have no planes.
@group(1) @binding(0) var patch_pixels: texture_2d<f32>;

@vertex
fn corner(@builtin(vertex_index) index: u32) -> @builtin(position) vec4<f32> {
    // A strip of four: upper left, upper right, lower left, lower right.
    let unit = vec2<f32>(f32(index & 1u), f32(index >> 1u));
    let pixel = item.place.xy + unit * item.place.zw;
    let clip = pixel / item.equation_and_wall.zw * 2.0 - 1.0;
    return vec4<f32>(clip.x, -clip.y, 0.0, 1.0);
}

@fragment
fn rectangle() -> @location(0) vec4<f32> {
    return item.source;
}

// Captions arrive as B, G, R, A bytes, premultiplied.
@fragment
fn caption(@builtin(position) at: vec4<f32>) -> @location(0) vec4<f32> {
    return textureLoad(patch_pixels, vec2<i32>(floor(at.xy - item.place.xy)), 0).bgra;
}

// The samples that count for one output pixel in one direction: a triangle around `centre`, wide enough that every
// sample counts when shrinking. Samples outside the plane do not exist; the weights are divided by their sum.
struct Footprint {
    centre: f32,
    radius: f32,
    low: i32,
    high: i32,
    // Beyond 64 samples only every n-th is read: such a picture is a thumbnail.
    stride: i32,
}

fn footprint(centre: f32, step: f32, samples: u32) -> Footprint {
    var f: Footprint;
    let last = i32(samples) - 1;
    f.radius = max(step, 1.0);
    f.centre = clamp(centre, 0.5, f32(samples) - 0.5);
    if centre - f.radius < f.centre && f.centre < centre + f.radius {
        f.centre = centre;
    }
    f.low = clamp(i32(floor(f.centre - f.radius + 0.5)), 0, last);
    f.high = clamp(i32(ceil(f.centre + f.radius - 0.5)), 0, last);
    f.stride = max((f.high - f.low) / 64, 1);
    return f;
}

fn weight(f: Footprint, sample: i32) -> f32 {
    return max(1.0 - abs(f32(sample) + 0.5 - f.centre) / f.radius, 0.0);
}

fn filtered(plane: texture_2d<u32>, centre: vec2<f32>, step: vec2<f32>) -> vec2<f32> {
    let size = textureDimensions(plane);
    let across = footprint(centre.x, step.x, size.x);
    let down = footprint(centre.y, step.y, size.y);
    var sum = vec2<f32>(0.0);
    var weights = 0.0;
    for (var y = down.low; y <= down.high; y += down.stride) {
        let row_weight = weight(down, y);
        for (var x = across.low; x <= across.high; x += across.stride) {
            let w = row_weight * weight(across, x);
            sum += w * vec2<f32>(textureLoad(plane, vec2<i32>(x, y), 0).xy);
            weights += w;
        }
    }
    return sum / max(weights, 1e-6);
}

@fragment
fn picture(@builtin(position) at: vec4<f32>) -> @location(0) vec4<f32> {
    // Where this pixel lies in the picture as it was before the turn, as shares of the part that is seen.
    let share = (at.xy - item.place.xy) / item.place.zw;
    let pixel = 1.0 / item.place.zw;
    var unturned = share;
    var extent = pixel;
    switch item.turn.x {
        case 1u: {
            unturned = vec2<f32>(share.y, 1.0 - share.x);
            extent = pixel.yx;
        }
        case 2u: {
            unturned = 1.0 - share;
        }
        case 3u: {
            unturned = vec2<f32>(1.0 - share.y, share.x);
            extent = pixel.yx;
        }
        default: {}
    }
    let centre = item.source.xy + unturned * item.source.zw;
    let step = extent * item.source.zw;
    let scale = item.chroma.w;
    let luma = filtered(luma_plane, centre, step).x * scale - item.equation.x;
    var chroma = vec2<f32>(0.0);
    if item.turn.y > 1u {
        let chroma_centre = centre * item.chroma.xy + vec2<f32>(item.chroma.z, 0.0);
        let chroma_step = step * item.chroma.xy;
        chroma = filtered(first_chroma_plane, chroma_centre, chroma_step);
        if item.turn.y > 2u {
            chroma.y = filtered(second_chroma_plane, chroma_centre, chroma_step).x;
        }
        chroma = chroma * scale - 128.0;
    }
    let y = luma * item.equation.y;
    let rgb = vec3<f32>(
        y + chroma.y * item.equation.z,
        y - chroma.x * item.equation.w - chroma.y * item.equation_and_wall.x,
        y + chroma.x * item.equation_and_wall.y,
    );
    return vec4<f32>(clamp(rgb / 255.0, vec3<f32>(0.0), vec3<f32>(1.0)), 1.0);
}
