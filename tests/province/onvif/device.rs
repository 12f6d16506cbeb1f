//! The device service: clock, identity, where the other services are.

use std::time::SystemTime;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::envelope::{Fault, escape};
use super::{Call, Outcome, SERVICES};
use crate::device::local;
use crate::equipment::Movement;

/// What is answered without credentials.
pub(super) fn is_open(name: &str) -> bool {
    matches!(
        name,
        "GetSystemDateAndTime" | "GetWsdlUrl" | "GetServices" | "GetServiceCapabilities" | "GetCapabilities"
    )
}

pub(super) fn answer(call: Call<'_>) -> Outcome {
    let inner = match call.name {
        "GetSystemDateAndTime" => clock(call.device.now()),
        "GetDeviceInformation" => information(call),
        "GetServices" => services(call),
        "GetCapabilities" => capabilities(call),
        "GetServiceCapabilities" => {
            "<tds:Capabilities><tds:Network NTP=\"1\"/><tds:Security UsernameToken=\"true\" HttpDigest=\"true\"/>\
             <tds:System DiscoveryResolve=\"true\"/></tds:Capabilities>"
                .to_owned()
        }
        "GetScopes" => scopes(call),
        "GetHostname" => format!(
            "<tds:HostnameInformation><tt:FromDHCP>false</tt:FromDHCP><tt:Name>{}</tt:Name></tds:HostnameInformation>",
            call.device.serial()
        ),
        "GetNetworkInterfaces" => format!(
            "<tds:NetworkInterfaces token=\"eth0\"><tt:Enabled>true</tt:Enabled><tt:Info><tt:Name>eth0</tt:Name>\
             <tt:HwAddress>{}</tt:HwAddress></tt:Info></tds:NetworkInterfaces>",
            call.device.mac(":")
        ),
        _ => return Err(Fault::UNSUPPORTED),
    };
    Ok(call.done("tds", &inner))
}

fn clock(now: SystemTime) -> String {
    let utc = Timestamp::try_from(now).unwrap_or_default().to_zoned(TimeZone::UTC);
    let time = |name: &str, at: &jiff::Zoned| {
        format!(
            "<tt:{name}><tt:Time><tt:Hour>{}</tt:Hour><tt:Minute>{}</tt:Minute><tt:Second>{}</tt:Second></tt:Time>\
             <tt:Date><tt:Year>{}</tt:Year><tt:Month>{}</tt:Month><tt:Day>{}</tt:Day></tt:Date></tt:{name}>",
            at.hour(),
            at.minute(),
            at.second(),
            at.year(),
            at.month(),
            at.day()
        )
    };
    format!(
        "<tds:SystemDateAndTime><tt:DateTimeType>Manual</tt:DateTimeType><tt:DaylightSavings>false</tt:DaylightSavings>\
         <tt:TimeZone><tt:TZ>ICT-7</tt:TZ></tt:TimeZone>{}{}</tds:SystemDateAndTime>",
        time("UTCDateTime", &utc),
        time("LocalDateTime", &local(now))
    )
}

fn information(call: Call<'_>) -> String {
    let make = call.device.equipment().make;
    format!(
        "<tds:Manufacturer>{}</tds:Manufacturer><tds:Model>{}</tds:Model><tds:FirmwareVersion>4.02.0{}</tds:FirmwareVersion>\
         <tds:SerialNumber>{}</tds:SerialNumber><tds:HardwareId>1.0</tds:HardwareId>",
        make.name(),
        make.model(),
        call.device.index % 7,
        call.device.serial()
    )
}

/// Whether any of its cameras has a mount that is set up from afar.
fn has_mounts(call: Call<'_>) -> bool {
    call.cameras().any(|camera| call.device.camera(camera).movement == Movement::SetUp)
}

fn services(call: Call<'_>) -> String {
    let offered =
        SERVICES.iter().filter(|service| service.path != "provisioning_service" || has_mounts(call));
    offered
        .map(|service| {
            format!(
                "<tds:Service><tds:Namespace>{}</tds:Namespace><tds:XAddr>{}</tds:XAddr><tds:Version>\
                 <tt:Major>{}</tt:Major><tt:Minor>{:02}</tt:Minor></tds:Version></tds:Service>",
                service.namespace,
                call.service(service.path),
                service.version.0,
                service.version.1
            )
        })
        .collect()
}

fn capabilities(call: Call<'_>) -> String {
    let address = |path: &str| format!("<tt:XAddr>{}</tt:XAddr>", call.service(path));
    format!(
        "<tds:Capabilities><tt:Device>{}</tt:Device>\
         <tt:Events>{}<tt:WSSubscriptionPolicySupport>false</tt:WSSubscriptionPolicySupport>\
         <tt:WSPullPointSupport>true</tt:WSPullPointSupport>\
         <tt:WSPausableSubscriptionManagerInterfaceSupport>false</tt:WSPausableSubscriptionManagerInterfaceSupport>\
         </tt:Events><tt:Imaging>{}</tt:Imaging>\
         <tt:Media>{}<tt:StreamingCapabilities><tt:RTPMulticast>false</tt:RTPMulticast><tt:RTP_TCP>true</tt:RTP_TCP>\
         <tt:RTP_RTSP_TCP>true</tt:RTP_RTSP_TCP></tt:StreamingCapabilities></tt:Media><tt:PTZ>{}</tt:PTZ>\
         </tds:Capabilities>",
        address("device_service"),
        address("event_service"),
        address("imaging_service"),
        address("media_service"),
        address("ptz_service"),
    )
}

/// What it says of itself, here and when it is discovered.
pub(super) fn scope_items(call_device: &crate::device::Device) -> Vec<String> {
    let make = call_device.equipment().make;
    let word = |text: &str| text.replace(' ', "%20");
    vec![
        "onvif://www.onvif.org/type/Network_Video_Transmitter".to_owned(),
        "onvif://www.onvif.org/Profile/Streaming".to_owned(),
        "onvif://www.onvif.org/Profile/T".to_owned(),
        format!("onvif://www.onvif.org/name/{}", word(make.name())),
        format!("onvif://www.onvif.org/hardware/{}", word(make.model())),
        "onvif://www.onvif.org/location/country/vietnam".to_owned(),
    ]
}

fn scopes(call: Call<'_>) -> String {
    scope_items(call.device)
        .iter()
        .map(|item| {
            format!(
                "<tds:Scopes><tt:ScopeDef>Fixed</tt:ScopeDef><tt:ScopeItem>{}</tt:ScopeItem></tds:Scopes>",
                escape(item)
            )
        })
        .collect()
}
