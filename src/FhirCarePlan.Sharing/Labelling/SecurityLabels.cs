using System.Text.Json;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Labelling;

/// <summary>The bits of a security label. An unknown label has a bit of its own, so that it hides rather than shows.
/// https://hl7.org/fhir/R4/security-labels.html</summary>
internal sealed class SecurityLabels
{
    /// <summary>Labels one element: `valueCoding` holds the label. http://hl7.org/fhir/uv/security-label-ds4p</summary>
    public const string InlineUrl = "http://hl7.org/fhir/uv/security-label-ds4p/StructureDefinition/extension-inline-sec-label";

    private readonly Dictionary<(string System, string Code), long> known = [];
    private readonly long unknown;

    public SecurityLabels(Protocol protocol, ProtocolBits bits)
    {
        unknown = bits.Unknown;
        foreach (var code in (string[])["U", "L", "M", "N"]) known[(Confidentiality.System, code)] = 0;
        known[(Confidentiality.System, ProtocolBits.Restricted)] = bits.R;
        known[(Confidentiality.System, ProtocolBits.VeryRestricted)] = bits.V;
        foreach (var sensitivity in protocol.Sensitivities) known[(sensitivity.System, sensitivity.Code)] = bits.Of(sensitivity.Code);
        foreach (var category in protocol.Categories) known[(Category.InformationCategorySystem, category.Id)] = bits.Of(category.Id);
    }

    public long Of(Node coding) => Of(coding.TextOf("system"), coding.TextOf("code"));

    /// <summary>Without a code, or with one that the protocol does not know: the bit of unknown labels.</summary>
    public long Of(string? system, string? code) =>
        system != null && code != null && known.TryGetValue((system, code), out var bits) ? bits : unknown;

    public long OfResource(Node resource)
    {
        var mask = 0L;
        foreach (var (system, code) in StatedLabels.Of(resource)) mask |= Of(system, code);
        return mask;
    }

    /// <param name="meta">A whole `meta` object as JSON.</param>
    public long OfMeta(ReadOnlySpan<byte> meta)
    {
        var mask = 0L;
        var json = new Utf8JsonReader(meta);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isSecurity = json.ValueTextEquals("security"u8);
            json.Read();
            if (!isSecurity) json.Skip();
            else
                while (json.Read() && json.TokenType == JsonTokenType.StartObject) mask |= OfCoding(ref json);
        }
        return mask;
    }

    private long OfCoding(ref Utf8JsonReader json)
    {
        string? system = null, code = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var (isSystem, isCode) = (json.ValueTextEquals("system"u8), json.ValueTextEquals("code"u8));
            json.Read();
            if (isSystem) system = json.GetString();
            else if (isCode) code = json.GetString();
            else json.Skip();
        }
        return Of(system, code);
    }
}
