using System.Text.Json;

namespace FhirCarePlan.Fhir.Definitions;

/// <summary>Reads one line of the facts file into a type and its backbone types.</summary>
internal ref struct TypeLine
{
    private readonly Dictionary<string, TypeInfo> types;
    private readonly Func<string, TypeInfo> load;
    private Utf8JsonReader json;

    private TypeLine(ReadOnlySpan<byte> line, Dictionary<string, TypeInfo> types, Func<string, TypeInfo> load)
    {
        json = new Utf8JsonReader(line);
        (this.types, this.load) = (types, load);
    }

    /// <summary>The type and its backbone types by name.
    /// <paramref name="load"/> finds any type; it is called at once for the base type only.</summary>
    public static Dictionary<string, TypeInfo> Read(FactLine line, Func<string, TypeInfo> load)
    {
        var types = new Dictionary<string, TypeInfo>();
        new TypeLine(line.Text, types, load).ReadType();
        return types;
    }

    private void ReadType()
    {
        string? name = null, baseName = null;
        var (kind, isAbstract) = (TypeKind.Complex, false);
        List<Invariant> rules = [];
        List<ElementInfo> own = [];
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("base"u8)) baseName = Text();
            else if (json.ValueTextEquals("abstract"u8)) isAbstract = json.Read();
            else if (json.ValueTextEquals("rules"u8)) rules = Rules();
            else if (json.ValueTextEquals("elements"u8)) own = Elements(name!);
            else
            {
                kind = json.ValueTextEquals("resource"u8)
                    ? TypeKind.Resource : json.ValueTextEquals("primitive"u8) ? TypeKind.Primitive : TypeKind.Complex;
                name = Text();
            }
        }
        Make(name!, kind, baseName, isAbstract, own, rules);
    }

    private readonly void Make(string name, TypeKind kind, string? baseName, bool isAbstract, List<ElementInfo> own, List<Invariant> rules)
    {
        var baseType = baseName == null ? null : load(baseName);
        var elements = new List<ElementInfo>();
        foreach (var inherited in baseType?.Elements ?? [])
            elements.Add(own.Find(e => e.Name == inherited.Name) ?? Inherit(inherited, name));
        elements.AddRange(own.Where(e => baseType?.Element(e.Name) == null));
        types[name] = new TypeInfo(name, kind, baseType, isAbstract,
            elements.Where(e => e.Max > 0).ToArray(), [.. baseType?.Invariants ?? [], .. rules]);
    }

    private static ElementInfo Inherit(ElementInfo inherited, string name) => new()
    {
        Name = inherited.Name,
        Path = name + inherited.Path[inherited.Path.LastIndexOf('.')..],
        Min = inherited.Min,
        Max = inherited.Max,
        IsChoice = inherited.IsChoice,
        IsModifier = inherited.IsModifier,
        IsSummary = inherited.IsSummary,
        IsAttribute = inherited.IsAttribute,
        Types = inherited.Types,
        Binding = inherited.Binding,
        Invariants = inherited.Invariants,
    };

    private List<ElementInfo> Elements(string owner)
    {
        var elements = new List<ElementInfo>();
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.StartObject) elements.Add(Element(owner));
        return elements;
    }

    private ElementInfo Element(string owner)
    {
        string name = "", path = "";
        var (min, max) = (0, 1);
        bool isChoice = false, isModifier = false, isSummary = false, isAttribute = false;
        string? backbone = null;
        List<Invariant> rules = [];
        TypeChoice[] choices = [];
        Binding? binding = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("name"u8)) path = owner + "." + (name = Text());
            else if (json.ValueTextEquals("min"u8)) min = Number();
            else if (json.ValueTextEquals("max"u8)) max = Text() is var text && text == "*" ? int.MaxValue : int.Parse(text);
            else if (json.ValueTextEquals("modifier"u8)) isModifier = json.Read();
            else if (json.ValueTextEquals("summary"u8)) isSummary = json.Read();
            else if (json.ValueTextEquals("attribute"u8)) isAttribute = json.Read();
            else if (json.ValueTextEquals("binding"u8)) binding = BindingOf(Texts());
            else if (json.ValueTextEquals("rules"u8)) rules = Rules();
            else if (json.ValueTextEquals("type"u8)) choices = [Choice(Text())];
            else if (json.ValueTextEquals("choice"u8)) (isChoice, choices) = (true, Choices(Texts()));
            else if (json.ValueTextEquals("backbone"u8)) (backbone, choices) = (Text(), [Choice(path)]);
            else Make(path, TypeKind.Backbone, backbone, false, Elements(path), rules);
        }
        return new ElementInfo
        {
            Name = name,
            Path = isChoice ? path + "[x]" : path,
            Min = min,
            Max = max,
            IsChoice = isChoice,
            IsModifier = isModifier,
            IsSummary = isSummary,
            IsAttribute = isAttribute,
            Types = choices,
            Binding = binding,
            // A backbone element's rules are its type's, so that they also hold where a contentReference leads to it.
            Invariants = backbone == null ? rules : [],
        };
    }

    private readonly TypeChoice[] Choices(List<string> types)
    {
        var choices = new TypeChoice[types.Count];
        for (var i = 0; i < choices.Length; i++) choices[i] = Choice(types[i]);
        return choices;
    }

    /// <summary>`Reference(Patient|Group)`: a name, and the targets it allows.</summary>
    private readonly TypeChoice Choice(string type)
    {
        var (name, targets) = type.IndexOf('(') is var at and > 0 ? (type[..at], type[(at + 1)..^1].Split('|')) : (type, []);
        var find = load;
        var isAny = targets is ["Resource"];
        return new TypeChoice(name, () => find(name), isAny ? [] : targets, isAny);
    }

    private static Binding BindingOf(List<string> strengthAndSet) => new(strengthAndSet[0] switch
    {
        "required" => BindingStrength.Required,
        "extensible" => BindingStrength.Extensible,
        "preferred" => BindingStrength.Preferred,
        _ => BindingStrength.Example,
    }, strengthAndSet[1]);

    private List<Invariant> Rules()
    {
        var rules = new List<Invariant>();
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.StartArray)
        {
            rules.Add(new Invariant(Text(), Text() == "error", Text(), Text(), IsOfR4: true));
            json.Read();
        }
        return rules;
    }

    private List<string> Texts()
    {
        var texts = new List<string>();
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.String) texts.Add(json.GetString()!);
        return texts;
    }

    private string Text()
    {
        json.Read();
        return json.GetString()!;
    }

    private int Number()
    {
        json.Read();
        return json.GetInt32();
    }
}
