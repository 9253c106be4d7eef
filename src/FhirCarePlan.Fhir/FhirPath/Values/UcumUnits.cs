using System.Collections.Frozen;

namespace FhirCarePlan.Fhir.FhirPath.Values;

/// <summary>The units of UCUM that health records use, each with its definition. Arbitrary units (`[IU]`) are bases of their own and
/// convert into nothing else. https://ucum.org/ucum#section-Tables-of-Terminal-Symbols</summary>
internal static class UcumUnits
{
    public readonly record struct Definition(decimal Factor, string Of, bool IsMetric);

    /// <summary>Seven base units, the mole (a number in UCUM, kept apart here so that amounts do not mix with plain counts), arbitrary units.</summary>
    public static readonly FrozenSet<string> Bases = new[]
    {
        "m", "s", "g", "rad", "K", "C", "cd", "mol",
        "[IU]", "[arb'U]", "[USP'U]", "[GPL'U]", "[MPL'U]", "[APL'U]", "[beth'U]", "[CFU]", "[PFU]", "[FFU]", "[TCID_50]", "[CCID_50]", "[EID_50]",
        "[BAU]", "[AU]", "[Amb'a'1'U]", "[PNU]", "[Lf]", "[D'ag'U]", "[ELU]", "[EU]", "[knk'U]", "[mclg'U]", "[tb'U]", "[smoot]", "[pH]", "[p'diop]"
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Longest first, so that `da` is not taken for `d`.</summary>
    public static readonly (string Prefix, decimal Factor)[] Prefixes =
    [
        ("da", 10m), ("Ki", 1024m), ("Mi", 1048576m), ("Gi", 1073741824m), ("Ti", 1099511627776m),
        ("Y", 1e24m), ("Z", 1e21m), ("E", 1e18m), ("P", 1e15m), ("T", 1e12m), ("G", 1e9m), ("M", 1e6m), ("k", 1e3m), ("h", 1e2m),
        ("d", 1e-1m), ("c", 1e-2m), ("m", 1e-3m), ("u", 1e-6m), ("n", 1e-9m), ("p", 1e-12m), ("f", 1e-15m), ("a", 1e-18m), ("z", 1e-21m), ("y", 1e-24m)
    ];

    public static readonly FrozenDictionary<string, Definition> Derived = Metric().Concat(Customary()).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The other units of UCUM: codes may use them, and nothing here converts them.</summary>
    public static readonly FrozenSet<string> Open = """
        [h] [k] [eps_0] [mu_0] [e] [m_e] [m_p] [G] gf pc Ky Gal Bi Oe Gb Lmb ph [syd_i] [cyd_i] [bf_i] [cr_i] [mil_i] [cml_i]
        [yd_us] [rd_us] [ch_us] [lk_us] [rch_us] [rlk_us] [fth_us] [fur_us] [mi_us] [srd_us] [smi_us] [sct] [twp] [mil_us]
        [in_br] [ft_br] [rd_br] [ch_br] [lk_br] [fth_br] [pc_br] [yd_br] [mi_br] [nmi_br] [kn_br] [acr_br]
        [bbl_us] [gil_us] [min_us] [crd_us] [bu_us] [gal_wi] [pk_us] [dqt_us] [dpt_us] [pk_br] [bu_br] [gil_br] [fdr_br] [min_br]
        [scwt_av] [lcwt_av] [pwt_tr] [lb_ap] [oz_m] [pca] [pnt_pr] [pca_pr] [pied] [pouce] [ligne] [didot] [cicero]
        Cel [degF] [degRe] cal_[15] cal_[20] cal_m [Btu_39] [Btu_59] [Btu_60] [Btu_m] [Btu_IT] [Btu_th] tex [den] [PRU] [wood'U]
        %[slope] [mesh_i] [hnsf'U] [hp'_X] [hp'_C] [hp'_M] [hp'_Q] [hp_X] [hp_C] [hp_M] [hp_Q] [kp_X] [kp_C] [kp_M] [kp_Q]
        [S] [HPF] [LPF] [anti'Xa'U] [todd'U] [dye'U] [smgy'U] [bdsk'U] [ka'U] [IR] [FEU] Np B B[SPL] B[V] B[mV] B[uV] B[10.nV] B[W] B[kW]
        Ao att mho sph [car_Au] [m/s2/Hz^0.5] bit_s
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> OpenMetric = "pc gf Ky Gal Bi Oe Gb Lmb ph [h] [k] [eps_0] [mu_0] [e] [m_e] [m_p] [G] Cel cal_[15] cal_[20] cal_m tex Np B B[SPL] B[V] B[mV] B[uV] B[W] B[kW] mho [wood'U] [PRU] [FEU] [S]"
        .Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Of those, the ones that take a prefix: `dB`, `mCel`.</summary>
    public static bool IsOpenMetric(string symbol) => OpenMetric.Contains(symbol);

    /// <summary>Scales that do not start at zero; UCUM does not multiply them with other units.</summary>
    public static Measure? Temperature(string code) => code switch
    {
        "Cel" => new Measure(1, "K", 273.15m),
        "[degF]" => new Measure(5m / 9m, "K", 459.67m * 5m / 9m),
        _ => null
    };

    private static IEnumerable<KeyValuePair<string, Definition>> Metric()
    {
        foreach (var (symbol, factor, of) in new (string, decimal, string)[]
        {
            ("l", 1, "dm3"), ("L", 1, "dm3"), ("t", 1000, "kg"), ("bar", 100000, "Pa"), ("ar", 100, "m2"), ("u", 1.66053906660e-24m, "g"),
            ("Hz", 1, "s-1"), ("N", 1, "kg.m/s2"), ("Pa", 1, "N/m2"), ("J", 1, "N.m"), ("W", 1, "J/s"), ("A", 1, "C/s"), ("V", 1, "J/C"),
            ("F", 1, "C/V"), ("Ohm", 1, "V/A"), ("S", 1, "A/V"), ("Wb", 1, "V.s"), ("T", 1, "Wb/m2"), ("H", 1, "Wb/A"), ("lm", 1, "cd.sr"),
            ("lx", 1, "lm/m2"), ("Bq", 1, "s-1"), ("Ci", 37000000000m, "Bq"), ("Gy", 1, "J/kg"), ("RAD", 0.01m, "J/kg"), ("Sv", 1, "J/kg"), ("REM", 0.01m, "Sv"),
            ("sr", 1, "rad2"), ("kat", 1, "mol/s"), ("U", 0.000001m, "mol/min"), ("eq", 1, "mol"), ("osm", 1, "mol"), ("g%", 1, "g/dL"),
            ("cal", 4.184m, "J"), ("cal_th", 4.184m, "J"), ("cal_IT", 4.1868m, "J"), ("eV", 1.602176634e-19m, "J"), ("erg", 1e-7m, "J"), ("dyn", 1e-5m, "N"),
            ("P", 1, "dyn.s/cm2"), ("St", 1, "cm2/s"), ("G", 0.0001m, "T"), ("m[Hg]", 133322m, "Pa"), ("m[H2O]", 9806.65m, "Pa"), ("R", 0.000258m, "C/kg"),
            ("bit", 1, "1"), ("By", 8, "bit"), ("Bd", 1, "s-1"), ("st", 1, "m3"), ("[iU]", 1, "[IU]")
        })
            yield return new(symbol, new Definition(factor, of, true));
    }

    private static IEnumerable<KeyValuePair<string, Definition>> Customary()
    {
        foreach (var (symbol, factor, of) in new (string, decimal, string)[]
        {
            ("10*", 10, "1"), ("10^", 10, "1"), ("[pi]", 3.1415926535897932384626433833m, "1"), ("%", 0.01m, "1"), ("[ppth]", 0.001m, "1"),
            ("[ppm]", 0.000001m, "1"), ("[ppb]", 0.000000001m, "1"), ("[pptr]", 0.000000000001m, "1"),
            ("min", 60, "s"), ("h", 60, "min"), ("d", 24, "h"), ("wk", 7, "d"), ("a", 365.25m, "d"), ("a_j", 365.25m, "d"), ("a_g", 365.2425m, "d"), ("a_t", 365.24219m, "d"),
            ("mo", 30.4375m, "d"), ("mo_j", 30.4375m, "d"), ("mo_g", 30.436875m, "d"), ("mo_s", 29.53059m, "d"),
            ("deg", 2m / 360m, "[pi].rad"), ("'", 2m / 21600m, "[pi].rad"), ("''", 2m / 1296000m, "[pi].rad"), ("gon", 0.9m, "deg"), ("circ", 2, "[pi].rad"),
            ("[in_i]", 2.54m, "cm"), ("[ft_i]", 12, "[in_i]"), ("[yd_i]", 3, "[ft_i]"), ("[mi_i]", 5280, "[ft_i]"), ("[nmi_i]", 1852, "m"), ("[fth_i]", 6, "[ft_i]"),
            ("[kn_i]", 1, "[nmi_i]/h"), ("[sin_i]", 1, "[in_i]2"), ("[sft_i]", 1, "[ft_i]2"), ("[cin_i]", 1, "[in_i]3"), ("[cft_i]", 1, "[ft_i]3"),
            ("[in_us]", 100m / 3937m, "m"), ("[ft_us]", 1200m / 3937m, "m"), ("[Ch]", 1m / 3m, "mm"), ("[hd_i]", 4, "[in_i]"),
            ("[gr]", 64.79891m, "mg"), ("[lb_av]", 7000, "[gr]"), ("[oz_av]", 437.5m, "[gr]"), ("[dr_av]", 27.34375m, "[gr]"), ("[stone_av]", 14, "[lb_av]"),
            ("[ston_av]", 2000, "[lb_av]"), ("[lton_av]", 2240, "[lb_av]"), ("[oz_tr]", 480, "[gr]"), ("[lb_tr]", 5760, "[gr]"), ("[oz_ap]", 480, "[gr]"),
            ("[dr_ap]", 60, "[gr]"), ("[sc_ap]", 20, "[gr]"), ("[lbf_av]", 4.4482216152605m, "N"), ("[psi]", 6894.757293168m, "Pa"), ("[car_m]", 0.2m, "g"),
            ("[gal_us]", 231, "[in_i]3"), ("[qt_us]", 0.25m, "[gal_us]"), ("[pt_us]", 0.125m, "[gal_us]"), ("[foz_us]", 0.0078125m, "[gal_us]"), ("[fdr_us]", 0.0009765625m, "[gal_us]"),
            ("[cup_us]", 8, "[foz_us]"), ("[tbs_us]", 0.5m, "[foz_us]"), ("[tsp_us]", 0.5m / 3m, "[foz_us]"), ("[cup_m]", 240, "mL"), ("[tbs_m]", 15, "mL"), ("[tsp_m]", 5, "mL"), ("[foz_m]", 30, "mL"),
            ("[gal_br]", 4.54609m, "L"), ("[qt_br]", 1.1365225m, "L"), ("[pt_br]", 0.56826125m, "L"), ("[foz_br]", 28.4130625m, "mL"), ("[drp]", 0.05m, "mL"),
            ("[Cal]", 4184, "J"), ("[Btu]", 1055.05585262m, "J"), ("[HP]", 745.69987158227022m, "W"), ("atm", 101325, "Pa"), ("[in_i'Hg]", 3386.3788m, "Pa"), ("[in_i'H2O]", 249.08891m, "Pa"),
            ("[MET]", 3.5m, "mL/min/kg"), ("[diop]", 1, "m-1"), ("[lne]", 1m / 12m, "[in_i]"), ("[pnt]", 1m / 72m, "[in_i]"), ("[acr_us]", 4046.8726098743m, "m2"), ("b", 1e-28m, "m2"),
            ("[g]", 9.80665m, "m/s2"), ("[c]", 299792458m, "m/s"), ("[degR]", 5m / 9m, "K"), ("AU", 149597870691m, "m"), ("[ly]", 9460730472580800m, "m"), ("Mx", 1e-8m, "Wb"), ("sb", 10000, "cd/m2")
        })
            yield return new(symbol, new Definition(factor, of, false));
    }
}
