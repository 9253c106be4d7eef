using FhirCarePlan.Fhir.Search;
using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Search;

/// <summary>Random stores, callers and questions: the SQL and the oracle agree on hits, order, masks, versions, totals, pages and
/// includes.</summary>
public class OracleTests
{
    private const int Bits = 4;
    private static readonly string[] Types = ["CarePlan", "Condition", "Task"];
    private static readonly string[] Parties = ["trust", "homes", "gp"];
    private static readonly string[] Words = ["ann", "anna", "bob", "o'brien", "obrien lee", "zoë"];
    private static readonly string[] Uris = ["http://x/a", "http://x/a/", "http://x/a/b", "http://x/ab", "http://x/a/b/c", "u:1"];
    private static readonly string[] Texts = ["low", "mood", "sleep", "and", "4mg", "zoé", "łódź"];
    private static readonly SearchType[] Kinds =
        [SearchType.Token, SearchType.Reference, SearchType.String, SearchType.Uri, SearchType.Date, SearchType.Number,
            SearchType.Quantity, SearchType.Special];

    private static readonly Dictionary<(string, SearchType), SearchParameter> Parameters =
        (from type in Types from kind in Kinds select Parameter(type, kind.ToString(), kind)).ToDictionary(p => (p.ResourceType, p.Type));

    /// <summary>A code beside a value of each kind.</summary>
    private static readonly Dictionary<(string, SearchType), SearchParameter> Pairs = (from type in Types from kind in Kinds.Except([SearchType.Special])
                                                                                       let pair = new Pair(Parameters[(type, SearchType.Token)], "", Parameters[(type, kind)], "", true)
                                                                                       select new SearchParameter { Id = Parameters[(type, kind)].Id + 1_000_000, ResourceType = type, Code = "pair", Type = SearchType.Composite, Url = "", Expression = "", Pair = pair })
        .ToDictionary(p => (p.ResourceType, p.Pair!.Value.Type));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Sql_and_oracle_agree(int seed)
    {
        var random = new Random(seed);
        await using var given = new Given();
        var oracle = new Oracle();
        for (var n = 0; n < 4; n++) await given.Class($"state {n}");
        for (var round = 0; round < 8; round++)
        {
            for (var n = 0; n < 5; n++) await AddPerson(given, oracle, random);
            for (var n = 0; n < 15; n++) await Put(given, oracle, random);
            for (var n = 0; n < 60; n++) Compare(given, oracle, Question(random), Caller(random));
            for (var n = 0; n < 30; n++) CompareHistory(given, oracle, History(random), Caller(random));
        }
        Assert.True(longHistories > 20, $"only {longHistories} histories had several versions");
        Assert.True(nonEmpty > 50, $"only {nonEmpty} questions found anything"); // else the test tests nothing
    }

    /// <summary>Many references among few resources, so that chains lead somewhere.</summary>
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Sql_and_oracle_agree_on_chains(int seed)
    {
        var random = new Random(seed);
        await using var given = new Given();
        var oracle = new Oracle();
        for (var n = 0; n < 4; n++) await given.Class($"state {n}");
        for (var n = 0; n < 8; n++) await AddPerson(given, oracle, random);
        for (var n = 0; n < 40; n++) await Put(given, oracle, random, references: 6);
        for (var n = 0; n < 150; n++) Compare(given, oracle, new SearchQuery(Pick(random, Types)) is var asked && random.Next(3) > 0 ? asked with { Chains = Chains(random, asked.Type, 0), Count = 4 } : asked with { Filters = [Filter(random, asked.Type, 0)], Count = 4 }, Caller(random));
        Assert.True(chained > 15, $"only {chained} chains found anything");
    }

    private int nonEmpty, chained, longHistories;

    private static HistoryQuery History(Random random) => new(Pick(random, Types), random.Next(3) == 0 ? 0 : Mask(random), random.Next(1, 5))
    {
        Since = random.Next(3) == 0 ? Now.AddMinutes(random.Next(6)).UtcTicks : null,
        At = random.Next(3) == 0 && Now.AddMinutes(random.Next(6)).UtcTicks is var low ? new DateRange(low, low + random.Next(3) * TimeSpan.TicksPerMinute) : null,
    };

    private void CompareHistory(Given given, Oracle oracle, HistoryQuery query, SearchScope scope)
    {
        var expected = oracle.Versions(query, scope);
        if (expected.Count > 3) longHistories++;
        var found = new List<(string, byte[])>();
        for (var asked = query; ;)
        {
            var rows = given.Ask(s => s.History(asked, scope));
            var page = rows.Take(asked.Count).ToList();
            found.AddRange(page.Select(row => given.Ask(s => s.Fetch(row)).Hit.Version).Select(v => (v.VersionId, v.Body)));
            if (rows.Count <= asked.Count) break;
            asked = asked with { After = page[^1].Place };
        }
        Assert.Equal(expected.Select(e => (e.VersionId, System.Text.Encoding.UTF8.GetString(e.Body))), found.Select(f => (f.Item1, System.Text.Encoding.UTF8.GetString(f.Item2))));
    }

    private void Compare(Given given, Oracle oracle, SearchQuery query, SearchScope scope)
    {
        var expected = oracle.Matches(query, scope);
        if (expected.Count > 0) nonEmpty++;
        if (expected.Count > 0 && query.Chains.Count + query.Filters.Count > 0) chained++;
        var all = query with { Count = 1000 };
        var page = given.Search(all, scope);
        Assert.Equal(expected.Select(m => (m.Resource.Current.Id, m.Mask, m.VersionId)), page.Hits.Where(h => !h.IsInclude)
            .Select(h => (h.Version.Id, h.Permitted, h.Version.VersionId)));
        Assert.Equal(expected.Select(m => m.Resource.Current.Body), page.Hits.Where(h => !h.IsInclude).Select(h => h.Version.Body));
        Assert.Equal(expected.Count, page.Total);
        Assert.Equal(expected.Count, given.Search(query with { Count = 0 }, scope).Total);

        var from = 0;
        do
        {
            page = given.Search(query, scope);
            var slice = expected.Skip(from).Take(query.Count).ToList();
            Assert.Equal(slice.Select(m => m.Resource.Current.Id), page.Hits.Where(h => !h.IsInclude).Select(h => h.Version.Id));
            var brought = page.Hits.Where(h => h.IsInclude).Select(h => $"{h.Version.Type}/{h.Version.Id}").ToList();
            Assert.Equal(brought.Count, brought.Distinct().Count());
            Assert.Equal(oracle.Brought(query, scope, slice).Order(), brought.Order());
            from += query.Count;
            query = query with { Page = page.Next };
        }
        while (page.Next is not null);
        Assert.True(from >= expected.Count);
    }

    private static T Pick<T>(Random random, IReadOnlyList<T> of) => of[random.Next(of.Count)];
    private static long Mask(Random random) => random.Next(1 << Bits) & random.Next(1 << Bits);

    private static async Task AddPerson(Given given, Oracle oracle, Random random)
    {
        var key = $"person{random.Next(8)}";
        var person = new Person(key, random.Next(3), random.Next(1000), null);
        var relationships = Enumerable.Range(0, random.Next(4))
            .Select(_ => Related(key, Pick(random, Parties), 1L << random.Next(3), actor: random.Next(4) == 0 ? "PractitionerRole/x" : null,
            from: Now.AddHours(random.Next(-3, 2)), to: random.Next(2) == 0
                ? null
                : Now.AddHours(random.Next(-2, 3)),
                regard: random.Next(4) switch
                {
                    0 => Backing.AnyHolder,
                    1 => $"{Pick(random, Types)}/r{random.Next(12)}",
                    _ => Pick(random, Parties)
                })).ToList();
        await given.Write(new Change { Persons = [person], BackedPersons = [key], Backings = relationships });
        oracle.Persons[key] = person;
        oracle.Backings.RemoveAll(r => r.Person == key);
        oracle.Backings.AddRange(relationships);
    }

    private static async Task Put(Given given, Oracle oracle, Random random, int references = 0)
    {
        var reference = $"{Pick(random, Types)}/r{random.Next(12)}";
        var before = oracle.Resources.GetValueOrDefault(reference);
        var rows = new List<IndexRow>();
        for (var n = random.Next(8); n > 0; n--) rows.Add(Row(random, Parameters[(reference.Split('/')[0], Pick(random, Kinds))]));
        if (random.Next(2) == 0 && Pairs.GetValueOrDefault((reference.Split('/')[0], Pick(random, Kinds))) is { } beside && Row(random, beside.Pair!.Value) is var value && value.Entry.Kind == beside.Pair.Value.Type)
            rows.Add(new(value.Entry with { Parameter = beside, Kind = SearchType.Composite, Key = $"c{random.Next(2)}" }, value.Labels));
        for (var n = 0; n < references; n++)
            rows.Add(Reference(Parameters[(reference.Split('/')[0], SearchType.Reference)], Pick(random, Types), $"r{random.Next(12)}", random.Next(3) == 0 ? Mask(random) : 0));
        var isDeleted = before is not null && random.Next(6) == 0;
        if (isDeleted) rows.Clear();
        var version = await given.Put(reference, rows, root: references > 0 && random.Next(3) > 0 ? 0 : Mask(random) & Mask(random),
            changes: [.. Enumerable.Range(0, before is null ? 3 : random.Next(3)).Select(_ => Mask(random))],
            holder: before?.Current.Holder ?? Pick(random, Parties), person: before is not null
                ? before.Current.Person : random.Next(3) == 0 ? null : Pick(random, oracle.Persons.Keys.ToList()),
            at: Now.AddMinutes(random.Next(6)), isDeleted: isDeleted);
        oracle.Resources[reference] = new Oracle.Stored(version, [.. before?.Versions ?? [], version], rows);
    }

    private static IndexRow Row(Random random, SearchParameter parameter)
    {
        var labels = Mask(random);
        switch (parameter.Type)
        {
            case SearchType.Token:
                return random.Next(8) == 0 ? Token(parameter, "", null, Pick(random, Words), labels)
                    : Token(parameter, Pick(random, ["", "a", "b"]), $"c{random.Next(4)}", random.Next(2) == 0 ? Pick(random, Words) : null,
                        labels);
            case SearchType.Reference:
                return random.Next(8) switch
                {
                    0 => Address(parameter, Pick(random, ["http://x/1", "#c", ""]), labels),
                    1 => Token(parameter, "a", $"c{random.Next(4)}", null, labels),
                    _ => Reference(parameter, Pick(random, Types), $"r{random.Next(12)}", labels),
                };
            case SearchType.String: return Text(parameter, Pick(random, Words), labels);
            case SearchType.Uri: return Uri(parameter, Pick(random, Uris), labels);
            case SearchType.Date:
                var low = random.Next(10);
                return Date(parameter, random.Next(9) == 0 ? long.MinValue : low, random.Next(9) == 0 ? long.MaxValue : low
                    + random.Next(4), labels);
            case SearchType.Number: return Number(parameter, random.Next(8) / 2.0, labels);
            case SearchType.Special: return new(new IndexEntry(parameter, SearchType.Special, 0) { Text = string.Join(' ', Pick(random, Texts), Pick(random, Texts)) }, labels);
            default:
                return Quantity(parameter, random.Next(6), Pick(random, ["", "ucum"]), Pick(random, ["", "mg", "g"]),
                Pick(random, ["mg", "gram"]), labels);
        }
    }

    private static SearchScope Caller(Random random)
    {
        var key = Key(Pick(random, Parties), random.Next(2) == 0 ? ["PractitionerRole/x"] : [], random.Next(3) == 0
            ? $"person{random.Next(9)}" : null, 8, Now.AddHours(random.Next(-1, 2)));
        var rows = new List<PermittedRow>();
        // By a rule of its own, here a random one; strangers are open to it now and then.
        var (opensStrangers, withClasses) = (random.Next(3) == 0, from n in Enumerable.Range(0, 4) from kinds in Enumerable.Range(0, 16) select new Standing(n, kinds));
        foreach (var standing in withClasses.Where(s => s.Kinds > 0 || opensStrangers).Prepend(new Standing(null, 0)))
        {
            foreach (var isOwn in new[] { true, false })
            {
                var mask = random.Next(5) == 0 ? 0 : (1L << Bits) - 1 & ~Mask(random);
                foreach (var type in Types[1..]) if (random.Next(8) > 0) rows.Add(new PermittedRow(type, standing, isOwn, mask));
                if (random.Next(8) > 0) rows.Add(new PermittedRow(random.Next(1) == 0 ? null! : Types[0], standing, isOwn, mask));
            }
        }
        return Scope(key, rows);
    }

    private static SearchQuery Question(Random random)
    {
        var type = Pick(random, Types);
        var criteria = Enumerable.Range(0, random.Next(3)).Select(_ => Ask(random, Parameters[(type, Pick(random, Kinds))])).ToList();
        var sort = Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(4) == 0
            ? new SortKey(null, random.Next(2) == 0, Pick(random, ["_id", "_lastUpdated"]))
                : new SortKey(Parameters[(type, Pick(random, Kinds.Except([SearchType.Special]).ToList()))], random.Next(2) == 0)).ToList();
        return new SearchQuery(type)
        {
            Criteria = criteria,
            Chains = random.Next(4) == 0 ? Chains(random, type, 0) : [],
            Filters = random.Next(4) == 0 ? [Filter(random, type, 0)] : [],
            Sort = sort,
            Count = random.Next(1, 6),
            Within = random.Next(5) == 0 ? new Membership(Pick(random, Types), [.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => $"r{random.Next(12)}")], random.Next(4) == 0 ? [] : [Parameters[(type, SearchType.Reference)]]) : null,
            Dated = random.Next(6) == 0 && random.Next(10) is var from ? new DateRange(from, from + random.Next(3)) : null,
            Ids = random.Next(6) == 0 ? [[.. Enumerable.Range(0, 5).Select(_ => $"r{random.Next(12)}")]] : [],
            LastUpdated = random.Next(4) == 0
                ? [[.. Enumerable.Range(0, 2).Select(_ => Range(random, Now.UtcTicks, TimeSpan.TicksPerMinute))]] : [],
            Includes = random.Next(3) == 0
                ? [new(type, random.Next(2) == 0 ? null : Parameters[(type, SearchType.Reference)], random.Next(2) == 0 ? null
                : Pick(random, Types)), .. random.Next(3) == 0 && Pick(random, Types) is var again ? (Include[])[new(again, Parameters[(again, SearchType.Reference)], null, true)] : []] : [],
            RevIncludes = random.Next(3) == 0 && Pick(random, Types) is var source
                ? [new(source, random.Next(2) == 0 ? null : Parameters[(source, SearchType.Reference)], random.Next(2) == 0 ? null : type, random.Next(3) == 0)]
                : [],
        };
    }

    private static Filter Filter(Random random, string type, int depth) => random.Next(depth < 3 ? 5 : 2) switch
    {
        2 => new Filter.All([Filter(random, type, depth + 1), Filter(random, type, depth + 1)]),
        3 => new Filter.Any([Filter(random, type, depth + 1), Filter(random, type, depth + 1)]),
        4 => new Filter.Not(Filter(random, type, depth + 1)),
        _ => new Filter.Is(new SearchQuery(type)
        {
            Criteria = random.Next(3) > 0 ? [Ask(random, Parameters[(type, Pick(random, Kinds))])] : [],
            Ids = random.Next(8) == 0 ? [[.. Enumerable.Range(0, 5).Select(_ => $"r{random.Next(12)}")]] : [],
            LastUpdated = random.Next(8) == 0 ? [[Range(random, Now.UtcTicks, TimeSpan.TicksPerMinute)]] : [],
            Chains = random.Next(3) == 0 ? Chains(random, type, 1) : [],
        }),
    };

    /// <summary>Up to two on each step, forward and back, over one type or several, three steps deep.</summary>
    private static List<Chain> Chains(Random random, string type, int depth)
    {
        var chains = new List<Chain>();
        for (var n = depth == 3 ? 0 : random.Next(depth == 0 ? 3 : 5) - (depth == 0 ? 1 : 3); n > 0; n--)
        {
            var isReverse = random.Next(2) == 0;
            var targets = Types.Where(_ => random.Next(2) == 0).DefaultIfEmpty(Types[1]).Take(isReverse ? 1 : 2).ToList();
            chains.Add(new Chain(Parameters[(isReverse ? targets[0] : type, SearchType.Reference)], isReverse, [.. targets.Select(target => new SearchQuery(target)
            {
                Criteria = random.Next(3) == 0 ? [Ask(random, Parameters[(target, Pick(random, Kinds))])] : [],
                Ids = random.Next(6) == 0 ? [[.. Enumerable.Range(0, 5).Select(_ => $"r{random.Next(12)}")]] : [],
                LastUpdated = random.Next(6) == 0 ? [[Range(random, Now.UtcTicks, TimeSpan.TicksPerMinute)]] : [],
                Chains = Chains(random, target, depth + 1),
            })]));
        }
        return chains;
    }

    private static Criterion Ask(Random random, SearchParameter parameter)
    {
        if (random.Next(8) == 0 && Pairs.GetValueOrDefault((parameter.ResourceType, parameter.Type)) is { } pair)
            return new Criterion(pair, Modifier.None, [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Value(random, parameter, Modifier.None) with { Key = $"c{random.Next(2)}" })]);
        if (random.Next(8) == 0 && parameter.Type != SearchType.Special)
            return new Criterion(parameter, Modifier.Missing, [new QueryValue { Text = random.Next(2) == 0 ? "true" : "false" }]);
        Modifier[] modifiers = parameter.Type switch
        {
            SearchType.Token => [Modifier.None, Modifier.None, Modifier.Not, Modifier.Text],
            SearchType.Reference => [Modifier.None, Modifier.None, Modifier.Type, Modifier.Identifier],
            SearchType.String => [Modifier.None, Modifier.Exact, Modifier.Contains, Modifier.Text, Modifier.Same, Modifier.Ends],
            SearchType.Uri => [Modifier.None, Modifier.Above, Modifier.Below],
            _ => [Modifier.None],
        };
        var modifier = Pick(random, modifiers);
        // As a value set is asked for: many codes at once.
        if (parameter.Type == SearchType.Token && modifier is Modifier.None or Modifier.Not && random.Next(5) == 0)
            return new Criterion(parameter, modifier, [.. Enumerable.Range(0, 12).Select(n => new QueryValue { System = Pick(random, [null, "a", "b"]), Value = $"c{random.Next(2) * 9 + n % 4}" })]);
        return new Criterion(parameter, modifier,
            [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Value(random, parameter, modifier))]);
    }

    private static QueryValue Value(Random random, SearchParameter parameter, Modifier modifier)
    {
        var word = Pick(random, Words);
        return (parameter.Type, modifier) switch
        {
            (SearchType.Token, Modifier.Text) => new QueryValue { Text = word[..random.Next(1, word.Length)] },
            (SearchType.Token, _) or (SearchType.Reference, Modifier.Identifier) => random.Next(4) switch
            {
                0 => new QueryValue { System = Pick(random, ["", "a", "b"]) },
                1 => new QueryValue { Value = $"c{random.Next(4)}" },
                _ => new QueryValue { System = Pick(random, ["", "a", "b"]), Value = $"c{random.Next(4)}" },
            },
            (SearchType.Reference, _) => random.Next(4) == 0 ? new QueryValue { Text = "http://x/1" }
                : new QueryValue
                {
                    System = modifier == Modifier.Type
                    || random.Next(2) == 0 ? Pick(random, Types) : null, Value = $"r{random.Next(12)}"
                },
            (SearchType.String, Modifier.Exact) => new QueryValue { Text = word },
            (SearchType.String, Modifier.Contains) => new QueryValue { Value = NormalText.Of(word)[random.Next(2)..3] },
            (SearchType.String, Modifier.Text) => new QueryValue { Value = string.Join(' ', NormalText.Of(word).Split(' ').Reverse().Select(w => w[..2])) },
            (SearchType.String, _) => new QueryValue { Value = NormalText.Of(word)[..random.Next(0, 4)] },
            (SearchType.Uri, _) => new QueryValue { Value = Pick(random, Uris) },
            (SearchType.Date, _) => Range(random, 0, 1),
            (SearchType.Number, _) => Numbers(random),
            (SearchType.Special, _) => new QueryValue { Value = Pick(random, Texts) },
            _ => Numbers(random)
                with
            {
                System = Pick(random, [null, "", "ucum"]),
                Value = Pick(random, [null, "mg", "g"]),
                Text = Pick(random, [null, "mg"])
            },
        };
    }

    private static QueryValue Range(Random random, long origin, long unit)
    {
        var low = random.Next(8);
        return new QueryValue { Prefix = (Prefix)random.Next(9), Low = origin + low * unit, High = origin + (low + random.Next(4)) * unit };
    }

    private static QueryValue Numbers(Random random)
    {
        var low = random.Next(6) / 2.0;
        return new QueryValue { Prefix = (Prefix)random.Next(9), NumberLow = low, NumberHigh = low + random.Next(3) };
    }
}
