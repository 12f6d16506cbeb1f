// A small province: two districts, eight sites, with the names and sizes that the real one has, and a few that nobody
// should ever have given.

import type { Camera, District, Site, Zone } from "../wire";

const OUTDOOR = ["Cổng chính", "Sân trước", "Bãi xe", "Đường trước cổng", "Bờ kênh", "Cổng phụ"];
const INDOOR = [
  "Sảnh chính",
  "Hành lang tầng 1",
  "Hành lang tầng 2",
  "Phòng họp",
  "Nơi tiếp nhận",
  "Phòng 101",
  "Phòng 102",
  "Phòng 201",
  "Phòng 202",
];

/** Two lie close to each other; some are not known. */
const PLACES: Record<string, [number, number]> = {
  bvdk: [10.0098, 105.0842],
  dhkg: [9.9972, 105.0978],
  "vinh-lac": [10.0082, 105.0868],
  cho: [9.9566, 105.1182],
  "giong-rieng": [9.9124, 105.3126],
  thpt: [9.8882, 105.3702],
};

const ZONES: Record<string, Zone> = { bvdk: "red", dhkg: "orange", "vinh-lac": "yellow", "giong-rieng": "green" };

function cameras(recorder: string, count: number): Camera[] {
  const names = [...OUTDOOR, ...INDOOR];
  return Array.from({ length: count }, (_, index) => {
    const base = names[index % names.length] ?? "";
    const round = Math.floor(index / names.length);
    return {
      id: `${recorder}-${index + 1}`,
      name: round === 0 ? base : `${base} (${round + 1})`,
      outdoor: index % names.length < OUTDOOR.length,
    };
  });
}

export function site(id: string, name: string, ...counts: number[]): Site {
  const buildings = ["Khoa nội", "Khoa ngoại", "Khu hành chính"];
  return {
    id,
    name,
    recorders: counts.map((count, index) => ({
      id: `${id}-${index + 1}`,
      name: counts.length > 1 ? (buildings[index] ?? `Đầu ghi ${index + 1}`) : `Đầu ghi ${name}`,
      cameras: cameras(`${id}-${index + 1}`, count),
    })),
    position: PLACES[id] ? { lat: PLACES[id][0], lon: PLACES[id][1] } : null,
    zone: ZONES[id] ?? null,
  };
}

const HOSTILE = ["<img src=x onerror=\"window.hostile=true\">", "\u202eđảo ngược\u202c مدخل", "Rất dài ".repeat(38).trim()];

export function province(): District[] {
  const odd = site("odd", "</script><script>window.hostile=true</script>", 3);
  odd.recorders[0]?.cameras.forEach((camera, index) => (camera.name = HOSTILE[index] ?? camera.name));
  return [
    {
      name: "Thành phố Rạch Giá",
      sites: [
        site("bvdk", "Bệnh viện đa khoa tỉnh", 15, 12, 8),
        site("dhkg", "Trường Đại học Kiên Giang", 25),
        site("vinh-lac", "Trạm y tế phường Vĩnh Lạc", 4),
        site("an-binh", "Trung tâm văn hóa phường An Bình", 6),
        site("cho", "Chợ Rạch Sỏi", 9),
      ],
    },
    {
      name: "Huyện Giồng Riềng",
      sites: [
        site("giong-rieng", "Trung tâm văn hóa huyện Giồng Riềng", 8),
        site("thpt", "Trường THPT Hòa Hưng", 5),
        odd,
      ],
    },
  ];
}
