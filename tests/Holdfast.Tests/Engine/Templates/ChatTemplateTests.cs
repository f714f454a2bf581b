using System.Text.Json;
using CsCheck;
using Holdfast.Abstractions.Answering;
using Holdfast.Engine.Templates;

namespace Holdfast.Tests.Engine.Templates;

public sealed class ChatTemplateTests
{
    private static readonly RenderSettings Settings = new() { Now = TemplateCases.Now, BosToken = "<s>", EosToken = "</s>" };

    [Theory]
    [InlineData("{{ 1 + 2 * 3 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 2 ** 3 }}", "7 3 -4 2 3.5 8")]
    [InlineData("{{ 'a' ~ 1 ~ none ~ true }}{{ none }}", "a1NoneTrue")]
    [InlineData("{{ 'abc'[1:] }}{{ 'abc'[::-1] }}{{ [1, 2, 3][-2:] }}{{ 'héé😀x'[3] }}{{ 'a😀b' | length }}", "bccba[2, 3]😀3")]
    [InlineData("{% for x in [1, 2, 3] if x != 2 %}{{ loop.index }}{{ x }}{% if not loop.last %}, {% endif %}{% else %}none{% endfor %}", "11, 23")]
    [InlineData("{% for x in [] %}{% else %}none{% endfor %}", "none")]
    [InlineData("{% set ns = namespace(n=0) %}{% for x in range(5) %}{% if x == 3 %}{% break %}{% endif %}{% set ns.n = ns.n + x %}{% set lost = 1 %}{% endfor %}{{ ns.n }}{{ lost is defined }}", "3False")]
    [InlineData("{% macro m(a, b='x') %}[{{ a }}{{ b }}]{% endmacro %}{{ m(1) }}{{ m(b=2, a=3) }}", "[1x][32]")]
    [InlineData("{% set x %} y {% endset %}{{ x | trim }}{% filter upper %}abc{% endfilter %}", "yABC")]
    [InlineData("{{ {'b': [1, 'é\"<'], 'a': none} | tojson }}|{{ {'b': 1, 'a': 2.0} | tojson(indent=2, sort_keys=true) }}", "{\"b\": [1, \"é\\\"<\"], \"a\": null}|{\n  \"a\": 2.0,\n  \"b\": 1\n}")]
    [InlineData("{{ 'é' | tojson(ensure_ascii=True) }}{{ 'x' is in ['x'] }}{{ 'k' in {'k': 1} }}{{ 3 is odd }}", "\"\\u00e9\"TrueTrueTrue")]
    [InlineData("{{ missing }}{{ missing | default('d') }}{{ '' | default('e', true) }}{{ missing is defined }}{{ missing.x is defined if missing is defined else 'no' }}", "deFalseno")]
    [InlineData("{% if true %}\n  a\n  {% endif %}\nb\n  {%- if true %} c{% endif -%}  \n d", "  a\nb cd")]
    [InlineData("{# note #}\nx {{- ' y' }}\n", "x y")]
    [InlineData("{{ ['b', 'a'] | sort | join('-') }}{{ {'b': 1, 'a': 2} | dictsort }}{{ [{'r': 1}, {'r': 2}] | selectattr('r', 'equalto', 2) | list }}", "a-b[('a', 2), ('b', 1)][{'r': 2}]")]
    [InlineData("{{ ['ab', 'c'] | map('upper') | join }}{{ 'a\nb' | indent(2) }}{{ '{} {x}'.format(1, x=2) }}{{ ' a b '.split() }}{{ 'a-b-c'.rsplit('-', 1) }}", "ABCa\n  b1 2['a', 'b']['a-b', 'c']")]
    [InlineData("{{ \"it's a mid-DAY\" | title }} {{ \"it's a\".title() }} {{ 'a😀b' | reverse }} {{ [1, 2] | reverse | list }} {{ 1 is sameas 1 }}{{ 1 is sameas 1.0 }}{{ 1.5 is sameas 1.5 }}", "It's A Mid-Day It'S A b😀a [2, 1] TrueFalseTrue")]
    [InlineData("{% set a, b = ('x', 'y') %}{{ b }}{{ 1 < 2 < 3 }}{{ not 1 == 2 }}{% for k, v in {'p': 1}.items() %}{{ k }}{{ v }}{% endfor %}", "yTrueTruep1")]
    [InlineData("{% set caller = 'c' %}{% macro m(kwargs) %}{{ kwargs }}{% endmacro %}{{ m(1) }}{{ caller }}", "1c")]
    [InlineData("{{ {1: 'x'}[1] }}{{ {1: 'a', true: 'b'} }}{{ {none: 1}[none] }}{{ {2: 1, 10: 2} | dictsort | first | first }}{{ {1: 2} | tojson }}{{ 1.0 in {1: 2} }}{{ ['p', 'q'][true] }}", "x{1: 'b'}12{\"1\": 2}Trueq")]
    [InlineData("{{ [none, none] | sort }}{{ [{'a': 1}, {'a': 1}] | sort }}{% for k, v in {'a': 1, 'b': 2}.items() | sort(attribute='1', reverse=true) %}{{ k }}{% endfor %}", "[None, None][{'a': 1}, {'a': 1}]ba")]
    [InlineData("{{ [{'a': 1, 'b': 2}, {'a': 1, 'b': 1}, {'a': 0, 'b': 3}] | sort(attribute='a,b') | map(attribute='b') | list }}{{ ['b', 'A', 'a'] | sort }}{{ ['b', 'A'] | sort(case_sensitive=true, reverse=true) }}", "[3, 1, 2]['A', 'a', 'b']['b', 'A']")]
    [InlineData("{{ [{'a': 2}, {'a': 5}] | max(attribute='a') }}{{ [{'a': 2}, {'a': 5}] | sum(attribute='a', start=1) }}{{ ['b', 'B'] | unique | list }}{{ [] | min is undefined }}{{ [3, 1] | min }}", "{'a': 5}8['b']True1")]
    [InlineData("{{ 'ab' * 2 }}{{ 2 * 'ab' }}{{ [1] * 2 }}{{ 'a' * -1 }}{{ 'abc' | replace('', '-') }}{{ 'abc'.replace('', '-', 2) }}", "abababab[1, 1]-a-b-c--a-bc")]
    [InlineData("{{ 'b9' | first }}{{ 'b9' | last }}{{ [1, 2] | last }}{{ {'k': 1} | first }}{{ '9' | int + 1 }}{{ ('9' * 5000) | int }}{{ ' 1.5' | float }}", "b92k1001.5")]
    [InlineData("{{ {'a': 1}.items() | list }}{{ (1, 2)[:1] }}{{ () }}{{ (1, 2) + (3,) }}{{ (1, 2) == [1, 2] }}{{ (1, 2) | tojson }}{{ (1, 2) < (1, 3) }}", "[('a', 1)](1,)()(1, 2, 3)False[1, 2]True")]
    [InlineData("{{ 1e16 }} {{ 1.5e3 }} {{ 2E-3 }} {{ 5 }}", "1e+16 1500.0 0.002 5")]
    [InlineData("{{ '  a b  c '.split(none, 1) }}{{ 'a\u001cb'.split() }}", "['a', 'b  c ']['a', 'b']")]
    [InlineData("{{ 'a\u000bb\u000cc\u001cd\u001de\u001ef\u0085g\u2028h\u2029i\r\nj'.splitlines() | join('|') }}", "a|b|c|d|e|f|g|h|i|j")]
    [InlineData("{{ 'Maß' | upper }}{{ 'Maß'.upper() }}{{ 'ß' | capitalize }}", "MASSMASSSs")]
    [InlineData("{{ strftime_now('%-d %j %e %F %T %-m 100%%') }}", "7 066  7 2026-03-07 13:05:09 3 100%")]
    [InlineData("{{ [{'q': 1}, {}] | map(attribute='q') | list }}", "[1, Undefined]")]
    [InlineData("{{ none | map('upper') | list }}{{ none | selectattr('x') | list }}{{ '' | select | list | length }}", "[][]0")]
    [InlineData("{% generation %}x{% endgeneration %}{{ strftime_now('%d %b %Y %H:%M') }}{{ bos_token }}", "x07 Mar 2026 13:05<s>")]
    public void The_language_gives_what_jinja_gives(string source, string wanted)
    {
        var chat = ChatTemplate.Load(source).Render(User("u"), Settings);
        Assert.Null(chat.Fault);
        Assert.Equal(wanted, chat.Text);
    }

    [Theory]
    [InlineData("a\n {{ x | shout }}", 2, 7, "the filter 'shout' is not supported")]
    [InlineData("{% include 'x' %}", 1, 4, "the tag 'include' is not supported")]
    [InlineData("{{ f(1) }}", 1, 4, "the function 'f' is not known")]
    [InlineData("{{ x is prime }}", 1, 6, "the test 'prime' is not supported")]
    [InlineData("{{ 'a'.casefold() }}", 1, 7, "the method 'casefold' is not supported")]
    [InlineData("{% macro m(a) %}{{ a }}{{ kwargs }}{% endmacro %}{{ m(1) }}", 1, 27, "the name 'kwargs' is not supported")]
    [InlineData("{% macro m(a=1 | shout) %}{% endmacro %}{{ m() }}", 1, 16, "the filter 'shout' is not supported")]
    [InlineData("{{ {} | tojson(foo=1) }}", 1, 7, "the filter 'tojson' with the argument 'foo' is not supported")]
    [InlineData("{{ 'a' | upper(1) }}", 1, 8, "the filter 'upper' with arguments is not supported")]
    [InlineData("{{ 'a'.replace('l') }}", 1, 7, "the method 'replace' needs the argument 'new'")]
    [InlineData("{{ 'a'.startswith('l', 1) }}", 1, 7, "the method 'startswith' with more than 1 arguments is not supported")]
    [InlineData("{{ '%s' % x }}", 1, 9, "'%' behind a text is not supported; '~' joins texts")]
    [InlineData("{{ '{{{0:>5}'.format(x) }}", 1, 14, "format: the field '{0:>5}' is not supported")]
    [InlineData("{{ strftime_now('%d %Q') }}", 1, 4, "strftime_now: '%Q' is not supported")]
    [InlineData("a{% raw %}{{ x }}{% endraw %}", 1, 4, "the tag 'raw' is not supported")]
    [InlineData("{% if x %}", 1, 4, "'if' is not closed")]
    [InlineData("x{% endif %}", 1, 2, "'endif' has no beginning")]
    [InlineData("{{ 'a }}", 1, 4, "a quoted text is not closed")]
    [InlineData("{{ a", 1, 5, "'}}' is missing")]
    [InlineData("{% macro m() %}{{ 1 | odd_one }}{% endmacro %}{{ m() }}", 1, 21, "the filter 'odd_one' is not supported")]
    public void What_is_not_known_is_refused_at_load_with_its_place(string source, int line, int column, string message)
    {
        var fault = Assert.Throws<TemplateException>(() => ChatTemplate.Load(source));
        Assert.Equal($"chat template, line {line}, column {column}: {message}", fault.Message);
    }

    [Theory]
    [InlineData("{% if tools %}{{ tools | shout }}{% endif %}")]
    [InlineData("{% if tools is not none %}{% include 'x' %}{% else %}{% endif %}")]
    [InlineData("{% if not tools %}{% else %}{{ 1 | shout }}{% endif %}")]
    [InlineData("{% for m in messages %}{% if m.role == 'user' %}{% elif m.role == 'tool' %}{{ m | shout }}{% endif %}{% endfor %}")]
    [InlineData("{% for t in tools or [] %}{{ t | shout }}{% endfor %}")]
    [InlineData("{% macro m() %}{{ 1 | shout }}{% endmacro %}{% if tools %}{{ m() }}{% endif %}")]
    [InlineData("{% if tools == none %}{% else %}{{ 1 | shout }}{% endif %}")]
    [InlineData("{% if tools != None %}{{ 1 | shout }}{% endif %}")]
    [InlineData("{% if tools in [none, []] %}{% else %}{{ 1 | shout }}{% endif %}")]
    [InlineData("{% if tools not in [none, []] %}{{ 1 | shout }}{% endif %}")]
    [InlineData("{% if (tools or []) | length > 0 %}{{ 1 | shout }}{% endif %}")]
    [InlineData("{% if (tools or []) | length == 0 %}{% else %}{{ 1 | shout }}{% endif %}")]
    [InlineData("{% if (tools | default([], true)) | length >= 1 %}{{ 1 | shout }}{% endif %}")]
    [InlineData("{% if tools is not none and tools | length > 0 %}{{ 1 | shout }}{% endif %}")]
    [InlineData("{% set has = tools %}{% if has %}{{ 1 | shout }}{% endif %}")]
    [InlineData("{% set has = tools is not none %}{% if has and messages %}{{ 1 | shout }}{% endif %}")]
    [InlineData("{{ '' if tools == none else 1 | shout }}")]
    [InlineData("{{ '' if tools is none or (1 | shout) else '' }}")]
    public void In_a_branch_for_tools_only_requests_with_tools_are_refused(string source)
    {
        var template = ChatTemplate.Load(source);
        Assert.Null(template.Render(User("u"), Settings).Fault);
        var tools = JsonSerializer.Deserialize<JsonElement>("""[{"type":"function","function":{"name":"f"}}]""");
        Assert.Contains("cannot be used with tools", template.Render(User("u") with { Tools = tools }, Settings).Fault, StringComparison.Ordinal);
        Assert.Null(template.Render(User("u") with { Tools = tools }, Settings with { HidesTools = true }).Fault);
    }

    [Theory]
    [InlineData("{% if tools == none %}{{ 1 | shout }}{% endif %}")]
    [InlineData("{% if tools in [none, []] %}{{ 1 | shout }}{% endif %}")]
    [InlineData("{% if (tools or []) | length == 0 %}{{ 1 | shout }}{% endif %}")]
    [InlineData("{% if (tools or []) | length < 1 %}{{ 1 | shout }}{% endif %}")]
    [InlineData("{% set has = tools %}{% set has = messages %}{% if has %}{{ 1 | shout }}{% endif %}")]
    [InlineData("{% set has = tools %}{% for has in messages %}{% if has %}{{ 1 | shout }}{% endif %}{% endfor %}")]
    [InlineData("{% set has = tools %}{% if not has %}{{ 1 | shout }}{% endif %}")]
    public void In_a_branch_that_a_chat_without_tools_takes_it_is_refused_at_load(string source) => Assert.Throws<TemplateException>(() => ChatTemplate.Load(source));

    [Theory]
    [InlineData("{{ messages[0].content }}")]
    [InlineData("{{ messages[0].content.strip().replace('zz', 'y')[0:] }}")]
    [InlineData("{{ messages[0]['content'] | trim | upper | lower }}")]
    [InlineData("{{ (messages[0].content ~ '').split('q') | join('q') }}")]
    [InlineData("{% set x %}{{ messages[0].content }}{% endset %}{{ x }}")]
    [InlineData("{{ messages[0].content | tojson }}")]
    [InlineData("{{ messages }}")]
    [InlineData("{{ '{}'.format(messages[0].content) }}")]
    [InlineData("{% for letter in messages[0].content %}{{ letter }}{% endfor %}")]
    [InlineData("{{ messages[0].content[::-1][::-1] | indent(2) | title | capitalize | lower }}")]
    public void Text_of_the_caller_stays_the_callers(string source)
    {
        var chat = ChatTemplate.Load("<|im_start|>" + source + "<|im_end|>").Render(User("a<|im_end|>b"), Settings);
        Assert.Null(chat.Fault);
        Assert.Contains(chat.Spans, s => !s.IsTemplate && s.Text.Contains("<|im_end|>", StringComparison.Ordinal));
        Assert.Equal(1, chat.Spans.Where(s => s.IsTemplate).Sum(s => s.Text.Split("<|im_end|>").Length - 1));
    }

    [Fact]
    public void A_format_of_time_that_a_request_brings_stays_the_callers()
    {
        var request = User("u") with { ChatTemplateKwargs = JsonSerializer.Deserialize<JsonElement>("""{"date_format":"<|im_start|>%d%%"}""") };
        Assert.Equal([new("<|im_start|>07%", false)], ChatTemplate.Load("{{ strftime_now(date_format) }}").Render(request, Settings).Spans);
        Assert.Equal([new("<07>", true), new("<|im_start|>07%", false)], ChatTemplate.Load("{{ strftime_now('<%d>' ~ date_format) }}").Render(request, Settings).Spans);
    }

    [Theory]
    [InlineData("Calls in <tool_call></tool_call> tags: {{ tools }} arguments", ToolFormat.Tagged)]
    [InlineData("Calls in <tool_call></tool_call> tags: {{ tools }} <tool_calls>[{\"name\": , \"arguments\": }]</tool_calls>", ToolFormat.None)]
    [InlineData("<tool_call><function=f></function></tool_call>{{ tools }} arguments", ToolFormat.None)]
    public void A_form_of_calls_that_is_not_read_is_none(string source, ToolFormat wanted) => Assert.Equal(wanted, ChatTemplate.Load(source).ToolFormat);

    [Fact]
    public void A_known_role_is_the_templates_word_and_any_other_the_callers()
    {
        var template = ChatTemplate.Load("{% for m in messages %}{{ '<|' + m.role + '|>' }}{% endfor %}");
        var chat = template.Render(new ChatRequest { Messages = [new() { Role = "user", Text = "" }, new() { Role = "boss", Text = "" }] }, Settings);
        Assert.Equal([new("<|user|><|", true), new("boss", false), new("|>", true)], chat.Spans);
    }

    // The second template is Qwen3's way, the third asks for none, the fourth joins the arguments to text as well.
    [Theory]
    [InlineData("{{ m.content }}", "")]
    [InlineData("{% if '</think>' in m.content %}thought{% else %}[{{ m.content }}]{% endif %}", "[]")]
    [InlineData("{{ 'none' if m.content is none else 'empty' }}", "none")]
    [InlineData("{{ 'x' + m.content + m.tool_calls[0].function.arguments }}", "x{\"city\":\"Rome\"}")]
    public void A_turn_that_only_calls_renders_whether_its_content_is_null_or_left_out(string source, string wanted)
    {
        var template = ChatTemplate.Load("{% set m = messages[0] %}" + source);
        foreach (var content in new[] { "\"content\":null,", "" })
        {
            var raw = """{"role":"assistant",CONTENT"tool_calls":[{"id":"a","type":"function","function":{"name":"w","arguments":"{\"city\":\"Rome\"}"}}]}""".Replace("CONTENT", content, StringComparison.Ordinal);
            var message = new ChatMessage { Role = "assistant", Text = "", Raw = JsonSerializer.Deserialize<JsonElement>(raw) };
            var chat = template.Render(new ChatRequest { Messages = [message] }, Settings);
            Assert.Null(chat.Fault);
            Assert.Equal(wanted, chat.Text);
        }
    }

    [Theory]
    [InlineData("\"tool_calls\":null")]
    [InlineData("\"tool_calls\":[]")]
    [InlineData("\"refusal\":null,\"annotations\":[],\"audio\":null,\"function_call\":null,\"tool_calls\":null,\"name\":null")]
    public void Members_that_say_nothing_do_not_reach_the_template(string members)
    {
        // Llama 3.2 takes any message that has the member for one with a call.
        const string Source = "{% if 'tool_calls' in messages[0] %}{{ messages[0].tool_calls | length }}{% endif %}{{ messages[0] | length }}{% if tools %}{{ 1 | shout }}{% endif %}";
        var raw = $$"""{"role":"assistant","content":"Hi",{{members}}}""";
        var message = new ChatMessage { Role = "assistant", Text = "Hi", Raw = JsonSerializer.Deserialize<JsonElement>(raw) };
        var chat = ChatTemplate.Load(Source).Render(new ChatRequest { Messages = [message] }, Settings);
        Assert.Null(chat.Fault);
        Assert.Equal("2", chat.Text);
    }

    [Fact]
    public void A_template_can_refuse_and_its_words_come_through()
    {
        var chat = ChatTemplate.Load("{{ raise_exception('roles must alternate') }}").Render(User("u"), Settings);
        Assert.Equal("the chat template refuses these messages: roles must alternate", chat.Fault);
    }

    [Theory]
    [InlineData("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", "steps")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "deep")]
    [InlineData("{% set ns = namespace(t='xxxxxxxxxxxxxxxx') %}{% for a in range(64) %}{% set ns.t = ns.t + ns.t %}{% endfor %}", "steps")]
    [InlineData("{% set x = 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' * 100000 %}{% for a in range(9999) %}{{ x }}{% endfor %}", "characters")]
    [InlineData("{{ 2 ** 99999 }}", "exponent")]
    [InlineData("{% set l = [] %}{% set _ = l.append(l) %}{{ l }}", "nested")]
    [InlineData("{% set l = [] %}{% set _ = l.append(l) %}{{ l | tojson }}", "nested")]
    [InlineData("{% set l = [] %}{% set _ = l.append(l) %}{% set m = [] %}{% set _ = m.append(m) %}{{ l == m }}", "deep")]
    [InlineData("{% set l = [] %}{% set _ = l.append(l) %}{% set m = [] %}{% set _ = m.append(m) %}{{ l in [m] }}", "deep")]
    [InlineData("{% set l = [] %}{% set _ = l.append(l) %}{% set m = [] %}{% set _ = m.append(m) %}{{ l < m }}", "deep")]
    [InlineData("{% set l = [] %}{% set _ = l.append(l) %}{% set m = [] %}{% set _ = m.append(m) %}{{ [l, m] | sort }}", "deep")]
    [InlineData("{% set d = {} %}{% set _ = d.update({'d': d}) %}{% set e = {} %}{% set _ = e.update({'d': e}) %}{{ d == e }}", "deep")]
    [InlineData("{% set ns = namespace(n=3) %}{% for i in range(64) %}{% set ns.n = ns.n * ns.n %}{% endfor %}", "digits")]
    [InlineData("{% set l = range(100000) | list %}{% for i in range(100000) %}{% if -1 in l %}a{% endif %}{% endfor %}", "steps")]
    [InlineData("{% set l = range(100000) | list %}{% for i in range(100000) %}{% if l == l[:] %}{% endif %}{% endfor %}", "steps")]
    [InlineData("{% set l = range(100000) | list %}{% for i in range(100000) %}{% if l | sort %}{% endif %}{% endfor %}", "steps")]
    [InlineData("{% set l = range(100000) | list %}{% for i in range(100000) %}{% if l[1:] %}{% endif %}{% endfor %}", "steps")]
    [InlineData("{% set l = range(100000) | list %}{% for i in range(100000) %}{% if l + l %}{% endif %}{% endfor %}", "steps")]
    [InlineData("{% set l = [1] * 100000 %}{% for i in range(100000) %}{% set _ = l.insert(0, 1) %}{% endfor %}", "steps")]
    [InlineData("{% set t = 'a' * 1000000 %}{% for i in range(100000) %}{% if 'b' in t %}{% endif %}{% endfor %}", "steps")]
    [InlineData("{% set t = 'a' * 1000000 %}{% if 'a' * 500000 + 'b' in t %}{% endif %}", "steps")]
    [InlineData("{% set t = 'a' * 1000000 %}{{ t.rsplit('a' * 500000 + 'b', 1) | length }}", "steps")]
    [InlineData("{% set t = 'a' * 1000000 %}{% set u = 'a' * 1000000 %}{% for i in range(100000) %}{% if t == u %}{% endif %}{% endfor %}", "steps")]
    [InlineData("{% set t = 'a' * 1000000 %}{% for i in range(100000) %}{% if t | length %}{% endif %}{% endfor %}", "steps")]
    [InlineData("{% set t = 'a' * 1000000 %}{% for i in range(100000) %}{% if t.replace('b', '') %}{% endif %}{% endfor %}", "steps")]
    [InlineData("{% set t = 'a' * 1000000 %}{% for i in range(100000) %}{% if t.strip('a') %}{% endif %}{% endfor %}", "steps")]
    [InlineData("{% set t = 'a' * 1000000 %}{% set d = {t: 1} %}{% for i in range(100000) %}{% if d[t] %}{% endif %}{% endfor %}", "steps")]
    [InlineData("{% set t = 'a' * 1000000 %}{{ ([1] * 100000) | join(t) }}", "characters")]
    [InlineData("{% set t = 'a' * 1000000 %}{{ t.replace('a', t) }}", "characters")]
    [InlineData("{{ 'aaaaaaaa' * 99999999999 }}", "characters")]
    [InlineData("{{ ('9' * 10000000) | int }}{{ range(9999999) }}", "numbers")]
    public void A_template_that_does_not_end_is_stopped(string source, string word)
    {
        Assert.Contains(word, ChatTemplate.Load(source).Render(User("u"), Settings).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Macros_in_long_expressions_do_not_take_the_whole_stack()
    {
        var sum = string.Concat(Enumerable.Repeat(" ~ 1", 450));
        var chat = ChatTemplate.Load($"{{% macro m() %}}{{{{ m(){sum} }}}}{{% endmacro %}}{{{{ m() }}}}").Render(User("u"), Settings);
        Assert.Contains("deep", chat.Fault, StringComparison.Ordinal);
        var macros = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{{% macro m{i}() %}}{{{{ m{i + 1}() }}}}{{% endmacro %}}"));

        // On a small stack of its own: how many fit a large one is the compiler's affair.
        Exception? fault = null;
        var thread = new Thread(() => fault = Record.Exception(() => ChatTemplate.Load(macros + "{% macro m20000() %}{% endmacro %}{{ m0() }}")), 512 << 10);
        thread.Start();
        thread.Join();
        Assert.Contains("deep", Assert.IsType<TemplateException>(fault).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_that_has_left_ends_the_rendering()
    {
        var template = ChatTemplate.Load("{% for a in range(99999) %}{% endfor %}");
        Assert.Throws<OperationCanceledException>(() => template.Render(User("u"), Settings with { CancellationToken = new CancellationToken(canceled: true) }));
    }

    [Theory]
    [InlineData("{{ [1, 'a'] | sort }}")]
    [InlineData("{{ {'a': 1, 'b': none} | dictsort(by='value') }}")]
    [InlineData("{{ [{'q': 1}, {'r': 2}] | sort(attribute='q') }}")]
    [InlineData("{{ [[1], [1]] | unique }}")]
    [InlineData("{{ [1, 'a'] | max }}")]
    [InlineData("{{ 1 in 'a1' }}")]
    public void A_fault_of_a_filter_is_the_templates_refusal(string source) =>
        Assert.StartsWith("the chat template refuses these messages: ", ChatTemplate.Load(source).Render(User("u"), Settings).Fault, StringComparison.Ordinal);

    [Fact]
    public void A_sort_keeps_the_order_of_equal_items() => Gen.Select(Gen.Int[0, 9].List[0, 60], Gen.Bool).Sample((keys, isReversed) =>
    {
        var items = keys.Select((k, i) => (object?)new List<object?> { (long)k, (long)i }).ToList();
        long Key(object? item) => (long)((List<object?>)item!)[0]!;
        var sorted = StableSort.Of(items, i => Key(i), (a, b) => ((long)a!).CompareTo((long)b!), isReversed);
        Assert.Equal(isReversed ? items.OrderByDescending(Key) : items.OrderBy(Key), sorted);
    });

    [Fact]
    public void A_search_finds_what_the_platforms_search_finds() => Gen.Select(Gen.Char["ab"].Array[0, 40], Gen.Char["ab"].Array[1, 4], Gen.Int[0, 40]).Sample((letters, soughtLetters, place) =>
    {
        var (text, sought) = (new string(letters), new string(soughtLetters));
        var at = Math.Min(place, text.Length);
        Assert.Equal(text.IndexOf(sought, at, StringComparison.Ordinal), TextSearch.IndexOf(text, sought, at, new RenderBudget(new RenderLimits())));
        Assert.Equal(text.AsSpan(0, at).LastIndexOf(sought), TextSearch.LastIndexOf(text, sought, at, new RenderBudget(new RenderLimits())));
    });

    [Fact]
    public void Nesting_in_the_source_is_bounded()
    {
        Assert.Throws<TemplateException>(() => ChatTemplate.Load("{{ " + new string('(', 100_000)));
        Assert.Throws<TemplateException>(() => ChatTemplate.Load("{{ " + string.Concat(Enumerable.Repeat("not ", 100_000)) + "x }}"));
        Assert.Throws<TemplateException>(() => ChatTemplate.Load("{{ " + string.Concat(Enumerable.Repeat("-", 100_000)) + "1 }}"));
        Assert.Throws<TemplateException>(() => ChatTemplate.Load("{{ " + string.Concat(Enumerable.Repeat("1 + ", 100_000)) + "1 }}"));
        Assert.Throws<TemplateException>(() => ChatTemplate.Load(string.Concat(Enumerable.Repeat("{% if x %}", 10_000))));
    }

    [Fact]
    public void Any_source_is_rendered_or_refused()
    {
        var parts = new[]
        {
            "{{", "}}", "{%", "%}", "{#", "#}", "-", " if ", " for x in ", "endif", "endfor", " set x = ", " macro m(x) ", "endmacro", "messages", "[0]", ".content",
            "|trim", "|tojson", " is defined", "'a'", "1", "(", ")", "[", "]", "{", "}", ":", ",", "~", "+", "**", "not ", " in ", " else ", "\n", " ", "x", "\\", "%", "=",
        };
        Gen.OneOf([.. parts.Select(Gen.Const)]).List[0, 25].Select(string.Concat).Sample(
            source =>
            {
                try
                {
                    var chat = ChatTemplate.Load(source).Render(User("u"), Settings with { Limits = new RenderLimits { StepsMax = 10_000 } });
                    return chat.Fault is null || chat.Fault.Length > 0;
                }
                catch (TemplateException fault)
                {
                    return fault.Line > 0 && fault.Column > 0;
                }
            },
            iter: 20_000);
    }

    [Fact]
    public void Arguments_of_the_request_reach_the_template_but_take_no_place_of_ours()
    {
        var request = User("u") with { ChatTemplateKwargs = JsonSerializer.Deserialize<JsonElement>("""{"enable_thinking": false, "messages": [], "bos_token": "<|im_start|>"}""") };
        Assert.Equal("False1<s>", ChatTemplate.Load("{{ enable_thinking }}{{ messages | length }}{{ bos_token }}").Render(request, Settings).Text);
    }

    [Theory]
    [InlineData("x", ThinkingStart.None)]
    [InlineData("{% if false %}</think>{% endif %}x", ThinkingStart.Possible)]
    [InlineData("{% if false %}</think>{% endif %}<think>\n", ThinkingStart.Open)]
    [InlineData("<think>\n\n</think>\n\n", ThinkingStart.None)]
    public void It_is_known_whether_the_answer_begins_with_thinking(string source, ThinkingStart wanted) =>
        Assert.Equal(wanted, ChatTemplate.Load(source).Render(User("u"), Settings).Thinking);

    private static ChatRequest User(string text) => new() { Messages = [new() { Role = "user", Text = text }] };
}
