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
    // Quarter turns clockwise, planes of the picture, whether a view's edges are softened.
    turn: vec4<u32>,
    // View: where the upper left corner of `place` lies on the flat picture, in pixels from its middle; the picture's
    // columns and rows.
    origin: vec4<f32>,
    // View: the way on the flat picture for one pixel of the wall to the right, and down.
    axes: vec4<f32>,
    // View: 0 for a picture that is flat, 1 for a rectilinear lens, 2 for an f-theta one; half of its angle (radians) and
    // the tangent of that; its own distortion.
    lens: vec4<f32>,
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

// What follows draws a view: a picture enlarged, rotated, corrected for its lens. `model::view` and `model::lens` have the
// same formulas, `render::software::free` the same filter.

// Taps of a view in one direction: four of a Catmull-Rom spline where it enlarges luma, else a triangle as above.
struct Taps {
    f: Footprint,
    cubic: bool,
}

// More are not read for one output pixel and direction, as nobody looks at a view that small.
const MOST_TAPS: i32 = 16;

fn taps(centre: f32, step: f32, samples: u32, sharp: bool) -> Taps {
    var t: Taps;
    t.f = footprint(centre, step, samples);
    t.f.stride = max((t.f.high - t.f.low) / MOST_TAPS, 1);
    t.cubic = sharp && step < 1.0;
    if t.cubic {
        t.f.centre = clamp(centre, 0.0, f32(samples)) - 0.5;
        t.f.low = i32(floor(t.f.centre)) - 1;
        t.f.high = t.f.low + 3;
        t.f.stride = 1;
    }
    return t;
}

// Keys (1981), a = -1/2.
fn catmull_rom(distance: f32) -> f32 {
    let d = abs(distance);
    let near = (1.5 * d - 2.5) * d * d + 1.0;
    let far = ((-0.5 * d + 2.5) * d - 4.0) * d + 2.0;
    return select(select(far, near, d < 1.0), 0.0, d >= 2.0);
}

fn tap_weight(t: Taps, sample: i32) -> f32 {
    if t.cubic {
        return catmull_rom(f32(sample) - t.f.centre);
    }
    return weight(t.f, sample);
}

fn resampled(plane: texture_2d<u32>, centre: vec2<f32>, step: vec2<f32>, sharp: bool) -> vec2<f32> {
    let size = textureDimensions(plane);
    let last = vec2<i32>(size) - 1;
    let across = taps(centre.x, step.x, size.x, sharp);
    let down = taps(centre.y, step.y, size.y, sharp);
    let most = 255.0 / item.chroma.w;
    var sum = vec2<f32>(0.0);
    var weights = 0.0;
    for (var x = across.f.low; x <= across.f.high; x += across.f.stride) {
        let column_weight = tap_weight(across, x);
        var column = vec2<f32>(0.0);
        var column_weights = 0.0;
        for (var y = down.f.low; y <= down.f.high; y += down.f.stride) {
            let w = tap_weight(down, y);
            column += w * vec2<f32>(textureLoad(plane, clamp(vec2<i32>(x, y), vec2<i32>(0), last), 0).xy);
            column_weights += w;
        }
        sum += column_weight * clamp(column / max(column_weights, 1e-6), vec2<f32>(0.0), vec2<f32>(most));
        weights += column_weight;
    }
    return clamp(sum / max(weights, 1e-6), vec2<f32>(0.0), vec2<f32>(most));
}

// For a radius on the flat picture in half widths: how much further out the camera has it, as a factor, and how fast that
// radius grows there.
fn bent(radius: f32) -> vec2<f32> {
    var ideal = radius;
    var growth = 1.0;
    if item.lens.x > 1.5 {
        let slope = radius * item.lens.z;
        ideal = atan(slope) / item.lens.y;
        growth = item.lens.z / item.lens.y / (1.0 + slope * slope);
    }
    let factor = 1.0 + item.lens.w * (1.0 - ideal * ideal);
    let slope = 1.0 + item.lens.w * (1.0 - 3.0 * ideal * ideal);
    if slope <= 1e-3 {
        // The formula folds back there: it would show the picture again beside itself.
        return vec2<f32>(1e4 * ideal / radius, growth);
    }
    growth *= slope;
    return vec2<f32>(ideal * factor / radius, growth);
}

@fragment
fn view(@builtin(position) at: vec4<f32>) -> @location(0) vec4<f32> {
    let pixel = at.xy - item.place.xy;
    var place = item.origin.xy + pixel.x * item.axes.xy + pixel.y * item.axes.zw;
    var across = item.axes.xy;
    var down = item.axes.zw;
    if item.lens.x > 0.5 {
        let half_width = item.origin.z * 0.5;
        let distance = max(length(place), 1e-3 * half_width);
        let outward = place / distance;
        let factors = bent(distance / half_width);
        place *= factors.x;
        across = across * factors.x + (factors.y - factors.x) * dot(across, outward) * outward;
        down = down * factors.x + (factors.y - factors.x) * dot(down, outward) * outward;
    }
    let size = item.origin.zw;
    let centre = place + size * 0.5;
    let step = max(vec2<f32>(length(vec2<f32>(across.x, down.x)), length(vec2<f32>(across.y, down.y))), vec2<f32>(1e-6));
    var cover = 1.0;
    if item.turn.z > 0u {
        let inside = clamp(min(centre, size - centre) / step + 0.5, vec2<f32>(0.0), vec2<f32>(1.0));
        cover = inside.x * inside.y;
        if cover <= 0.0 {
            return vec4<f32>(0.0);
        }
    }
    let scale = item.chroma.w;
    let luma = resampled(luma_plane, centre, step, true).x * scale - item.equation.x;
    var chroma = vec2<f32>(0.0);
    if item.turn.y > 1u {
        let chroma_centre = centre * item.chroma.xy + vec2<f32>(item.chroma.z, 0.0);
        let chroma_step = step * item.chroma.xy;
        chroma = resampled(first_chroma_plane, chroma_centre, chroma_step, false);
        if item.turn.y > 2u {
            chroma.y = resampled(second_chroma_plane, chroma_centre, chroma_step, false).x;
        }
        chroma = chroma * scale - 128.0;
    }
    let y = luma * item.equation.y;
    let rgb = vec3<f32>(
        y + chroma.y * item.equation.z,
        y - chroma.x * item.equation.w - chroma.y * item.equation_and_wall.x,
        y + chroma.x * item.equation_and_wall.y,
    );
    return vec4<f32>(clamp(rgb / 255.0, vec3<f32>(0.0), vec3<f32>(1.0)) * cover, cover);
}
