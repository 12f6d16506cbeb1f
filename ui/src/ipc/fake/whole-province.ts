// The real province's sites with places of their own, for the map and for boards as large as they get.

import type { District, Zone } from "../wire";
import { site } from "./province";

type Row = [name: string, cameras: number, lat: number, lon: number, zone?: Zone];

const SITES: Record<string, Row[]> = {
  "Thành phố Rạch Giá": [
    ["Khoa nội B (cũ)", 15, 10.013, 105.082, "orange"],
    ["TTVH phường An Bình", 4, 9.986, 105.092, "yellow"],
    ["TTYT phường Vĩnh Lợi", 4, 9.968, 105.108],
  ],
  "Huyện Giồng Riềng": [["TTVH huyện Giồng Riềng", 10, 9.912, 105.312, "green"]],
  "Huyện Vĩnh Thuận": [
    ["Huyện đội cũ", 12, 9.512, 105.258, "green"],
    ["Trạm y tế thị trấn Vĩnh Thuận", 2, 9.508, 105.263],
    ["Trạm y tế xã Vĩnh Thuận", 2, 9.528, 105.244],
    ["Trạm y tế xã Tân Thuận", 2, 9.556, 105.206, "yellow"],
    ["Trạm y tế xã Phong Đông", 4, 9.56, 105.322],
    ["Trạm y tế xã Vĩnh Phong", 2, 9.486, 105.268],
    ["Trạm y tế xã Bình Minh", 2, 9.584, 105.238],
    ["Trạm y tế xã Vĩnh Bình Bắc", 2, 9.612, 105.252],
    ["Trạm y tế xã Vĩnh Bình Nam", 2, 9.586, 105.278],
  ],
  "Huyện Châu Thành": [
    ["Khu cách ly xã Mong Thọ B", 7, 9.998, 105.176, "red"],
    ["Trường đại học Kiên Giang", 6, 9.912, 105.148, "orange"],
    ["Trường quân sự tỉnh", 8, 9.926, 105.138],
    ["Trạm y tế xã Mong Thọ", 3, 10.012, 105.192],
    ["Trạm y tế xã Mong Thọ A", 3, 10.026, 105.158],
    ["Trạm y tế xã Mong Thọ B", 3, 9.994, 105.186, "red"],
    ["Trạm y tế xã Thạnh Lộc", 3, 9.972, 105.168],
    ["Trạm y tế xã Giục Trượng", 3, 9.946, 105.206],
    ["Trạm y tế xã Vĩnh Hoà Hiệp", 3, 9.928, 105.166],
    ["Trạm y tế xã Vĩnh Hoà Phú", 3, 9.908, 105.12],
    ["Trạm y tế xã Bình An", 3, 9.872, 105.126],
    ["Trạm y tế xã Minh Hoà", 3, 9.868, 105.196],
    ["Trạm y tế thị trấn Minh Lương", 3, 9.898, 105.166],
    ["TTYT huyện Châu Thành (khu điều trị)", 5, 9.902, 105.172, "yellow"],
  ],
  "Huyện Tân Hiệp": [
    ["TTYT huyện Tân Hiệp", 2, 10.114, 105.284],
    ["Trường trung cấp nghề", 6, 10.122, 105.272],
  ],
  "Huyện Gò Quao": [
    ["TTYT dự phòng", 4, 9.736, 105.278, "green"],
    ["Trung tâm bồi dưỡng chính trị", 8, 9.742, 105.286],
  ],
  "Huyện An Biên": [
    ["Khu cách ly nhà thi đấu An Biên", 13, 9.812, 105.062, "orange"],
    ["Khu cách ly TTYT An Biên", 3, 9.806, 105.056],
  ],
  "Huyện An Minh": [["Khu cách ly Huyện Đội cũ", 20, 9.622, 104.946, "yellow"]],
  "Huyện U Minh Thượng": [
    ["Trường tiểu học An Minh Bắc", 5, 9.634, 105.052],
    ["Trường Trung cấp nghề", 6, 9.646, 105.118],
  ],
  "Thành phố Phú Quốc": [
    ["Khu D860 cũ", 10, 10.196, 103.982, "green"],
    ["Khu cách ly Pháo 37", 10, 10.094, 104.012],
    ["Bệnh viện đa khoa Phú Quốc", 35, 10.218, 103.966, "yellow"],
  ],
  "Huyện Kiên Lương": [
    ["Trường Chính Trị Huyện", 5, 10.284, 104.638],
    ["Nhà Thiếu Nhi Huyện", 11, 10.278, 104.646],
  ],
  "Thành phố Hà Tiên": [
    ["TTYT Hà Tiên (Khu điều trị)", 9, 10.386, 104.488, "red"],
    ["Trường Chính Trị Hà Tiên", 9, 10.392, 104.482],
    ["TTVH Mỹ Đức (Khu cách ly Bệnh viện dã chiến)", 18, 10.412, 104.462, "red"],
    ["Khu huấn luyện Pháo Đài", 18, 10.38, 104.472, "orange"],
    ["Trường Dân tộc nội trú", 15, 10.376, 104.5],
    ["Khu Hải Quan", 6, 10.436, 104.472],
  ],
  "Huyện Giang Thành": [["Đại Đội Bộ Binh 6", 5, 10.492, 104.672]],
  "Huyện Kiên Hải": [
    ["Hòn Tre", 8, 9.966, 104.846, "green"],
    ["TTVH xã Lại Sơn (Khu cách ly + khu điều trị)", 8, 9.804, 104.634],
    ["TYT xã An Sơn (Khu điều trị)", 4, 9.688, 104.35],
    ["Trường Cấp 2 An Sơn (Khu cách ly)", 8, 9.694, 104.354],
    ["Trường THCS Nam Du (khu cách ly)", 6, 9.655, 104.399],
    ["TYT Nam Du (khu Điều trị)", 2, 9.653, 104.401],
  ],
};

/** Recorders of 16 channels at most, as they are bought. */
function recordersFor(cameras: number): number[] {
  const counts: number[] = [];
  for (let left = cameras; left > 0; left -= 16) counts.push(Math.min(left, 16));
  return counts;
}

/** All 54 sites; with `sites` more than that, further ones in a regular scatter, to see how the page carries them. */
export function wholeProvince(sites = 54): District[] {
  const districts = Object.entries(SITES).map(([name, rows], number) => ({
    name,
    sites: rows.map(([title, cameras, lat, lon, zone], index) => ({
      ...site(`d${number}-s${index}`, title, ...recordersFor(cameras)),
      position: { lat, lon },
      zone: zone ?? null,
    })),
  }));
  for (let more = 0; more < sites - 54; more += 1) {
    const district = districts[more % districts.length];
    const near = district?.sites[0]?.position;
    if (!district || !near) break;
    const turn = more * 2.4;
    const away = 0.004 * Math.sqrt(more / districts.length);
    district.sites.push({
      ...site(`more-${more}`, `Điểm ${more + 55}`, 4),
      position: { lat: near.lat + Math.sin(turn) * away, lon: near.lon + Math.cos(turn) * away },
      zone: null,
    });
  }
  return districts;
}
