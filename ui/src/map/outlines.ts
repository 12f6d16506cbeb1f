// The province's districts in outline, for a map that needs no network: drawn by hand from general knowledge, in
// degrees, true to about two kilometres. The page says so on the map.
//
// Neighbours share their border: it is written once, as a line between two junctions, and each district's ring goes
// through its lines forth or back. So nothing can gape or overlap, whatever is corrected later.

import { ring, type LatLon, type Outline } from "./geometry";

/** North, east. `A>B`: from junction A to junction B. */
const LINES = {
  // The coast from Cambodia to Cà Mau.
  haTienCoast: [
    [10.418, 104.445], [10.398, 104.437], [10.378, 104.43], [10.364, 104.442], [10.372, 104.462], [10.374, 104.481],
    [10.36, 104.497], [10.338, 104.512], [10.315, 104.535],
  ],
  kienLuongCoast: [
    [10.315, 104.535], [10.294, 104.556], [10.262, 104.566], [10.238, 104.584], [10.208, 104.584], [10.176, 104.598],
    [10.148, 104.592], [10.13, 104.612], [10.133, 104.638], [10.16, 104.648], [10.186, 104.668], [10.216, 104.694],
    [10.222, 104.726], [10.205, 104.755],
  ],
  honDatCoast: [
    [10.205, 104.755], [10.178, 104.778], [10.148, 104.799], [10.128, 104.83], [10.122, 104.868], [10.103, 104.905],
    [10.088, 104.948], [10.078, 104.992], [10.068, 105.022], [10.055, 105.045],
  ],
  rachGiaCoast: [[10.055, 105.045], [10.032, 105.058], [10.008, 105.066], [9.982, 105.072], [9.955, 105.08], [9.925, 105.092]],
  chauThanhCoast: [[9.925, 105.092], [9.904, 105.083], [9.884, 105.088], [9.866, 105.102]],
  anBienCoast: [
    [9.866, 105.102], [9.876, 105.072], [9.872, 105.04], [9.852, 105.006], [9.82, 104.97], [9.786, 104.936], [9.756, 104.914],
    [9.73, 104.895],
  ],
  anMinhCoast: [[9.73, 104.895], [9.7, 104.872], [9.662, 104.852], [9.618, 104.836], [9.566, 104.826], [9.518, 104.83]],

  // The borders with Cambodia and the provinces beside.
  haTienAbroad: [[10.418, 104.445], [10.44, 104.462], [10.447, 104.488], [10.462, 104.522]],
  giangThanhAbroad: [
    [10.462, 104.522], [10.478, 104.556], [10.506, 104.588], [10.522, 104.636], [10.53, 104.694], [10.539, 104.752],
    [10.545, 104.812], [10.535, 104.866], [10.486, 104.85], [10.424, 104.832],
  ],
  honDatInland: [[10.424, 104.832], [10.392, 104.872], [10.348, 104.916], [10.306, 104.974], [10.262, 105.048], [10.204, 105.13]],
  tanHiepInland: [
    [10.204, 105.13], [10.222, 105.188], [10.236, 105.25], [10.206, 105.318], [10.162, 105.362], [10.108, 105.362], [10.046, 105.372],
  ],
  giongRiengInland: [
    [10.046, 105.372], [10.03, 105.422], [9.992, 105.462], [9.944, 105.496], [9.892, 105.508], [9.852, 105.478], [9.815, 105.425],
  ],
  goQuaoInland: [[9.815, 105.425], [9.768, 105.412], [9.728, 105.378], [9.676, 105.366], [9.625, 105.345]],
  vinhThuanInland: [[9.625, 105.345], [9.58, 105.348], [9.53, 105.326], [9.472, 105.302], [9.436, 105.248], [9.462, 105.192], [9.502, 105.14]],
  uMinhThuongInland: [[9.502, 105.14], [9.494, 105.088], [9.502, 105.03]],
  anMinhInland: [[9.502, 105.03], [9.5, 104.97], [9.512, 104.9], [9.518, 104.83]],

  // Between two districts.
  haTienGiangThanh: [[10.462, 104.522], [10.424, 104.534], [10.376, 104.546]],
  haTienKienLuong: [[10.376, 104.546], [10.344, 104.552], [10.315, 104.535]],
  giangThanhKienLuong: [[10.376, 104.546], [10.37, 104.616], [10.388, 104.69], [10.362, 104.762]],
  giangThanhHonDat: [[10.362, 104.762], [10.398, 104.796], [10.424, 104.832]],
  kienLuongHonDat: [[10.362, 104.762], [10.296, 104.77], [10.244, 104.762], [10.205, 104.755]],
  honDatTanHiep: [[10.204, 105.13], [10.142, 105.112], [10.078, 105.1]],
  honDatRachGia: [[10.078, 105.1], [10.07, 105.07], [10.055, 105.045]],
  rachGiaTanHiep: [[10.078, 105.1], [10.062, 105.118], [10.048, 105.136]],
  rachGiaChauThanh: [[10.048, 105.136], [9.996, 105.13], [9.956, 105.142], [9.936, 105.122], [9.925, 105.092]],
  chauThanhTanHiep: [[10.048, 105.136], [10.036, 105.198], [10.0, 105.26]],
  tanHiepGiongRieng: [[10.0, 105.26], [10.026, 105.312], [10.046, 105.372]],
  chauThanhGiongRieng: [[10.0, 105.26], [9.944, 105.242], [9.878, 105.236], [9.826, 105.236]],
  chauThanhGoQuao: [[9.826, 105.236], [9.822, 105.2], [9.8, 105.166]],
  chauThanhAnBien: [[9.8, 105.166], [9.842, 105.138], [9.866, 105.102]],
  giongRiengGoQuao: [[9.826, 105.236], [9.808, 105.3], [9.822, 105.364], [9.815, 105.425]],
  goQuaoAnBien: [[9.8, 105.166], [9.77, 105.168], [9.735, 105.176]],
  goQuaoUMinhThuong: [[9.735, 105.176], [9.69, 105.194], [9.645, 105.226]],
  goQuaoVinhThuan: [[9.645, 105.226], [9.634, 105.288], [9.625, 105.345]],
  anBienUMinhThuong: [[9.735, 105.176], [9.716, 105.13], [9.726, 105.066], [9.69, 105.0]],
  anBienAnMinh: [[9.69, 105.0], [9.714, 104.948], [9.73, 104.895]],
  anMinhUMinhThuong: [[9.69, 105.0], [9.632, 104.994], [9.562, 105.016], [9.502, 105.03]],
  uMinhThuongVinhThuan: [[9.645, 105.226], [9.6, 105.186], [9.55, 105.166], [9.502, 105.14]],

  // Abroad again: what lies beyond the province on the mainland.
  cambodiaCoast: [
    [10.418, 104.445], [10.452, 104.418], [10.486, 104.362], [10.478, 104.298], [10.53, 104.258], [10.596, 104.176],
    [10.546, 104.11], [10.516, 104.02], [10.512, 103.9], [10.496, 103.772], [10.502, 103.65], [10.58, 103.54], [10.62, 103.4],
  ],
  caMauCoast: [[9.518, 104.83], [9.44, 104.832], [9.34, 104.822], [9.2, 104.816], [9.0, 104.818]],
} satisfies Record<string, LatLon[]>;

const PHU_QUOC: LatLon[] = [
  [10.372, 103.838], [10.402, 103.868], [10.41, 103.904], [10.388, 103.934], [10.422, 103.962], [10.444, 104.004], [10.434, 104.046],
  [10.408, 104.082], [10.362, 104.086], [10.316, 104.072], [10.272, 104.064], [10.232, 104.076], [10.184, 104.058],
  [10.136, 104.052], [10.088, 104.046], [10.044, 104.042], [10.008, 104.022], [10.012, 103.998], [10.046, 103.982],
  [10.102, 103.984], [10.158, 103.968], [10.208, 103.954], [10.252, 103.936], [10.292, 103.91], [10.324, 103.872], [10.348, 103.844],
];

/** A small island: as large as people need to find it, some two kilometres across. */
function islet(lat: number, lon: number, radius: number): LatLon[] {
  const shape = [1, 0.86, 0.72, 0.92, 1.06, 0.8, 0.7, 0.94];
  return shape.map((share, index) => {
    const angle = (index / shape.length) * 2 * Math.PI;
    return [lat + Math.sin(angle) * radius * share * 1.15, lon + Math.cos(angle) * radius * share];
  });
}

/** `label` is where the name stands best. Names are those of the inventory without "Thành phố" and "Huyện". */
export const DISTRICTS: Outline[] = [
  {
    name: "Hà Tiên",
    label: [10.405, 104.492],
    rings: [
      ring(LINES, "haTienAbroad", "haTienGiangThanh", "haTienKienLuong", "-haTienCoast"),
      islet(10.186, 104.334, 0.016),
    ],
  },
  {
    name: "Giang Thành",
    label: [10.462, 104.69],
    rings: [ring(LINES, "giangThanhAbroad", "-giangThanhHonDat", "-giangThanhKienLuong", "-haTienGiangThanh")],
  },
  {
    name: "Kiên Lương",
    label: [10.295, 104.66],
    rings: [
      ring(LINES, "giangThanhKienLuong", "kienLuongHonDat", "-kienLuongCoast", "-haTienKienLuong"),
      islet(10.02, 104.562, 0.016),
    ],
  },
  {
    name: "Hòn Đất",
    label: [10.215, 104.93],
    rings: [
      ring(LINES, "giangThanhHonDat", "honDatInland", "honDatTanHiep", "honDatRachGia", "-honDatCoast", "-kienLuongHonDat"),
    ],
  },
  {
    name: "Rạch Giá",
    label: [9.998, 105.098],
    rings: [ring(LINES, "-honDatRachGia", "rachGiaTanHiep", "rachGiaChauThanh", "-rachGiaCoast")],
  },
  {
    name: "Tân Hiệp",
    label: [10.124, 105.238],
    rings: [ring(LINES, "tanHiepInland", "-tanHiepGiongRieng", "-chauThanhTanHiep", "-rachGiaTanHiep", "-honDatTanHiep")],
  },
  {
    name: "Châu Thành",
    label: [9.918, 105.176],
    rings: [
      ring(LINES, "chauThanhTanHiep", "chauThanhGiongRieng", "chauThanhGoQuao", "chauThanhAnBien", "-chauThanhCoast", "-rachGiaChauThanh"),
    ],
  },
  {
    name: "Giồng Riềng",
    label: [9.918, 105.368],
    rings: [ring(LINES, "giongRiengInland", "-giongRiengGoQuao", "-chauThanhGiongRieng", "tanHiepGiongRieng")],
  },
  {
    name: "Gò Quao",
    label: [9.732, 105.286],
    rings: [ring(LINES, "giongRiengGoQuao", "goQuaoInland", "-goQuaoVinhThuan", "-goQuaoUMinhThuong", "-goQuaoAnBien", "-chauThanhGoQuao")],
  },
  {
    name: "An Biên",
    label: [9.788, 105.05],
    rings: [ring(LINES, "-chauThanhAnBien", "goQuaoAnBien", "anBienUMinhThuong", "anBienAnMinh", "-anBienCoast")],
  },
  {
    name: "An Minh",
    label: [9.6, 104.924],
    rings: [ring(LINES, "-anBienAnMinh", "anMinhUMinhThuong", "anMinhInland", "-anMinhCoast")],
  },
  {
    name: "U Minh Thượng",
    label: [9.612, 105.094],
    rings: [ring(LINES, "goQuaoUMinhThuong", "uMinhThuongVinhThuan", "uMinhThuongInland", "-anMinhUMinhThuong", "-anBienUMinhThuong")],
  },
  {
    name: "Vĩnh Thuận",
    label: [9.54, 105.252],
    rings: [ring(LINES, "goQuaoVinhThuan", "vinhThuanInland", "-uMinhThuongVinhThuan")],
  },
  {
    name: "Phú Quốc",
    label: [10.24, 104.012],
    rings: [PHU_QUOC, islet(9.958, 104.018, 0.015), islet(9.305, 103.47, 0.024)],
  },
  {
    name: "Kiên Hải",
    label: [9.74, 104.55],
    rings: [islet(9.966, 104.846, 0.022), islet(9.802, 104.634, 0.024), islet(9.69, 104.352, 0.022), islet(9.654, 104.4, 0.012)],
  },
];

/** The land beyond the province, as far as a map may show it; below the districts. */
export const BEYOND: LatLon[] = [
  ...LINES.cambodiaCoast.toReversed(),
  ...LINES.haTienCoast.slice(1),
  ...LINES.kienLuongCoast.slice(1),
  ...LINES.honDatCoast.slice(1),
  ...LINES.rachGiaCoast.slice(1),
  ...LINES.chauThanhCoast.slice(1),
  ...LINES.anBienCoast.slice(1),
  ...LINES.anMinhCoast.slice(1),
  ...LINES.caMauCoast.slice(1),
  [8.4, 104.8], [8.4, 107.4], [12, 107.4], [12, 102.4], [10.9, 103.2],
];
